/** Reads the kernel's text files with `node:fs`, synchronously: they are made in memory, and a read takes microseconds. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import type { KernelFiles } from '../core/kernel-files.ts'

/** `/proc/stat` of a machine with hundreds of CPUs is the longest; of it only the beginning is needed. */
const BUFFER_BYTES = 64 * 1024

/**
 * The kernel hands out a file of many records a page at a time, each part ending with a whole record. No record of what
 * is read here is longer than a kilobyte, so a part under 3 KiB was the last: most files need one read and not two.
 */
const MAYBE_MORE_BYTES = 3 * 1024

/** A reader with its own buffer. Nothing is left open by it but what `open` answered with. */
export function kernelFiles(): KernelFiles {
  const bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  const read = (handle: number): number => {
    let end = 0
    for (;;) {
      const part = readSync(handle, bytes, end, BUFFER_BYTES - end, end)
      end += part
      if (part < MAYBE_MORE_BYTES || end === BUFFER_BYTES) return end
    }
  }
  return {
    bytes,
    read,
    open: (path) => openSync(path, 'r'),
    readOnce: (path) => {
      const handle = openSync(path, 'r')
      try {
        return read(handle)
      } finally {
        closeSync(handle)
      }
    },
    close: (handle) => {
      try {
        closeSync(handle)
      } catch {
        // It is as good as closed.
      }
    },
    folders: (path) => listed(path, true),
    names: (path) => listed(path, false),
  }
}

function listed(path: string, onlyFolders: boolean): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.filter((entry) => !onlyFolders || entry.isDirectory()).map((entry) => entry.name)
  } catch {
    return []
  }
}
