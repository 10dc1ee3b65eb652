/** Compressed blocks: deflate, because its Node interface is stable and any tool reads it. */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { shuffled, unshuffled } from '../../core/block.ts'

/** No block is larger than this; a longer one is not ours, and is not unpacked to fill the memory. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024

/** A block, packed: shuffled, then deflated. */
export function packed(block: Uint8Array): Uint8Array {
  return deflateRawSync(shuffled(block), { level: 1 })
}

/** A packed block as it was. Throws on bytes that are not one. */
export function unpacked(bytes: Uint8Array): Uint8Array {
  return unshuffled(inflateRawSync(bytes, { maxOutputLength: MAX_BLOCK_BYTES }))
}
