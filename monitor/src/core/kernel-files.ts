/** How the small text files of /proc, /sys and the cgroups are read, as far as the readers need to know. */

/**
 * Reads files into one buffer that is used over and over: what a call put there holds until the next one. All methods
 * but `close` throw the system's error (`ENOENT`, `ENODEV` after a cgroup is gone, `EACCES`, `EMFILE`).
 */
export interface KernelFiles {
  readonly bytes: Uint8Array
  open(path: string): number
  /** Reads an open file from its beginning; answers with how many bytes of the buffer it filled. */
  read(handle: number): number
  /** Opens, reads and closes. */
  readOnce(path: string): number
  close(handle: number): void
  /** The names of the folders in a folder; none where it cannot be listed. */
  folders(path: string): readonly string[]
  /** All names in a folder; none where it cannot be listed. */
  names(path: string): readonly string[]
}

/** The system's code of an error (`ENODEV`); empty where it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

const decoder = new TextDecoder()

/** A file as text, for what is read seldom; `null` when it cannot be read. */
export function textOf(files: KernelFiles, path: string): string | null {
  try {
    const end = files.readOnce(path)
    return decoder.decode(files.bytes.subarray(0, end))
  } catch {
    return null
  }
}

/** Whether a file is there and the kernel answers for it; throws for other reasons not to read it. */
export function isReadable(files: KernelFiles, path: string): boolean {
  try {
    files.readOnce(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EOPNOTSUPP') return false
    throw error
  }
}
