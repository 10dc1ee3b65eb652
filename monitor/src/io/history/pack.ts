/**
 * Compressed blocks: deflate, because its Node interface is stable and any tool reads it. Measured on quarters of an
 * hour of 17 metrics: a third of what a run-length code of our own makes of them, for columns repeat one another
 * (the share of the limit is the share of a core, scaled).
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { shuffled, unshuffled } from '../../core/block.ts'

/** No block is larger than this; a longer one is not ours, and is not unpacked to fill the memory. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024

/**
 * The quickest level: the slowest one makes a tenth less of it in twice the time. What repeats is near; a small window
 * and a small table spare zlib most of the quarter of a MiB it would take for each call.
 */
const HOW = { level: 1, windowBits: 13, memLevel: 6 } as const

/** A block, packed: shuffled, then deflated. */
export function packed(block: Uint8Array): Uint8Array {
  return deflateRawSync(shuffled(block), HOW)
}

/** A packed block as it was; `null` when it is not one. */
export function unpacked(bytes: Uint8Array): Uint8Array | null {
  try {
    return unshuffled(inflateRawSync(bytes, { maxOutputLength: MAX_BLOCK_BYTES }))
  } catch {
    return null
  }
}
