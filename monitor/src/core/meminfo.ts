/** `/proc/meminfo`: the memory of the host. */

export interface HostMemory {
  readonly totalBytes: number
  /** What programs can still take without swapping, by the kernel's own estimate. */
  readonly availableBytes: number | null
  readonly freeBytes: number | null
  readonly cacheBytes: number | null
  readonly swapTotalBytes: number | null
  readonly swapFreeBytes: number | null
}

function bytesOf(text: string, key: string): number | null {
  const found = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)
  return found === null ? null : Number(found[1]) * 1024
}

/** The memory of the host in bytes; `null` when the text is not a meminfo. */
export function memoryTotalBytes(text: string): number | null {
  return bytesOf(text, 'MemTotal')
}

/** `null` when the text is not a meminfo. Cache is `Cached` and `Buffers`, as `free` has it, less shared memory. */
export function hostMemoryOf(text: string): HostMemory | null {
  const totalBytes = memoryTotalBytes(text)
  if (totalBytes === null) return null
  const cached = bytesOf(text, 'Cached')
  const rest = (bytesOf(text, 'Buffers') ?? 0) - (bytesOf(text, 'Shmem') ?? 0)
  return {
    totalBytes,
    availableBytes: bytesOf(text, 'MemAvailable'),
    freeBytes: bytesOf(text, 'MemFree'),
    cacheBytes: cached === null ? null : Math.max(0, cached + rest),
    swapTotalBytes: bytesOf(text, 'SwapTotal'),
    swapFreeBytes: bytesOf(text, 'SwapFree'),
  }
}
