/**
 * Memory held on request: really touched pages outside the JavaScript heap, taken step by step up to what is asked
 * for, and given back to the system at once.
 */
import type { Meter } from './meter.ts'

const CHUNK_BYTES = 1024 * 1024
const STEP_MS = 20
/** A step touches 8 MiB (about 5 ms of the event loop): 400 MiB/s. */
const CHUNKS_PER_STEP = 8

/** Loads may fill this share of the limit; the rest is for the app itself and for what a garbage collection leaves. */
const CAP_OF_LIMIT = 0.88
/** Above this the ballast gives back by itself, whoever took the memory. */
const TOO_FULL_OF_LIMIT = 0.93
/** Without a limit the host would pay, so a tenth of it is the most. */
const CAP_OF_HOST = 0.1

/** What the container may use at most while a load holds memory. */
export function capBytes({ memoryBytes, memoryLimited }: Meter['limits']): number {
  return Math.round(memoryBytes * (memoryLimited ? CAP_OF_LIMIT : CAP_OF_HOST))
}

export type Step = 'grow' | 'shrink' | 'hold' | 'hold-capped'

/** What to do next with `heldBytes` in hand. An infinite `wantedBytes` (the `oom` load) knows no cap. */
export function nextStep(held: { heldBytes: number; wantedBytes: number; usedBytes: number }, meter: Meter): Step {
  const { heldBytes, wantedBytes, usedBytes } = held
  if (wantedBytes === Number.POSITIVE_INFINITY) return 'grow'
  if (heldBytes >= wantedBytes + CHUNK_BYTES) return 'shrink'
  const cap = capBytes(meter.limits)
  if (meter.limits.memoryLimited && heldBytes > 0 && usedBytes > meter.limits.memoryBytes * TOO_FULL_OF_LIMIT)
    return 'shrink'
  if (heldBytes + CHUNK_BYTES > wantedBytes) return 'hold'
  return usedBytes + CHUNKS_PER_STEP * CHUNK_BYTES > cap ? 'hold-capped' : 'grow'
}

export interface Ballast {
  /** Holds about so many bytes (to a MiB) from now on; 0 gives all back. */
  readonly set: (wantedBytes: number) => void
  readonly held: () => { readonly heldBytes: number; readonly capped: boolean }
  readonly close: () => void
}

export function createBallast(meter: Meter): Ballast {
  const chunks: ArrayBuffer[] = []
  let wantedBytes = 0
  let capped = false
  let timer: NodeJS.Timeout | null = null

  function grow(): void {
    const chunk = new ArrayBuffer(CHUNK_BYTES)
    // A fresh buffer is one page of zeros shared by all until it is written.
    new Uint8Array(chunk).fill(1 + (chunks.length % 255))
    chunks.push(chunk)
  }

  // The newest first: the C library gives back only from the end of its heap. `transfer(0)` frees without waiting for
  // a garbage collection, which had held on to 300 MiB for half a minute.
  const shrink = () => chunks.pop()?.transfer(0)

  function step(): void {
    const heldBytes = chunks.length * CHUNK_BYTES
    const next = nextStep({ heldBytes, wantedBytes, usedBytes: meter.read().memoryBytes }, meter)
    capped = next === 'hold-capped'
    for (let i = 0; i < CHUNKS_PER_STEP; i++) {
      if (next === 'grow' && chunks.length * CHUNK_BYTES < wantedBytes) grow()
      if (next === 'shrink') shrink()
    }
    if (wantedBytes === 0 && chunks.length === 0) stop()
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    set: (bytes) => {
      wantedBytes = bytes
      if (bytes === 0) while (chunks.length > 0) shrink()
      if (bytes > 0) timer ??= setInterval(step, STEP_MS)
      else stop()
    },
    held: () => ({ heldBytes: chunks.length * CHUNK_BYTES, capped }),
    close: stop,
  }
}
