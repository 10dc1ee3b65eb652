/**
 * Memory held on request: really touched pages outside the JavaScript heap, taken step by step up to what is asked
 * for, and given back to the system at once.
 */
import type { Meter } from './meter.ts'

const MIB = 1024 * 1024
const STEP_MS = 20
/** A step touches 8 MiB (about 5 ms of the event loop): 400 MiB/s. */
const STEP_BYTES = 8 * MIB
/** Addresses reserved at most; they cost nothing until they are touched. */
const RESERVED_BYTES = 8 * 1024 * MIB

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
  if (heldBytes >= wantedBytes + MIB) return 'shrink'
  const cap = capBytes(meter.limits)
  if (meter.limits.memoryLimited && heldBytes > 0 && usedBytes > meter.limits.memoryBytes * TOO_FULL_OF_LIMIT)
    return 'shrink'
  if (heldBytes + MIB > wantedBytes) return 'hold'
  return usedBytes + STEP_BYTES > cap ? 'hold-capped' : 'grow'
}

export interface Ballast {
  /** Holds about so many bytes (to a MiB) from now on; 0 gives all back. */
  readonly set: (wantedBytes: number) => void
  readonly held: () => { readonly heldBytes: number; readonly capped: boolean }
  readonly close: () => void
}

/**
 * One buffer that is resized, since its pages go back to the system the moment it shrinks. Many small buffers did not:
 * the C library went on keeping 75 % of a container's limit after the last of them was freed.
 */
export function createBallast(meter: Meter): Ballast {
  // Twice the limit: an `oom` load must be able to go beyond it.
  const maxByteLength = Math.min(RESERVED_BYTES, 2 * meter.limits.memoryBytes)
  let buffer: ArrayBuffer | null = null
  let wantedBytes = 0
  let capped = false
  let timer: NodeJS.Timeout | null = null
  const heldBytes = () => buffer?.byteLength ?? 0

  /** False where the system does not give the memory: what is held stays. */
  function resize(bytes: number): boolean {
    const before = heldBytes()
    try {
      buffer ??= new ArrayBuffer(0, { maxByteLength })
      buffer.resize(Math.floor(bytes / MIB) * MIB)
    } catch (error) {
      if (error instanceof RangeError) return false
      throw error
    }
    // A fresh page takes no memory until it is written.
    if (bytes > before) new Uint8Array(buffer, before).fill(1)
    return true
  }

  function step(): void {
    const held = heldBytes()
    const next = nextStep({ heldBytes: held, wantedBytes, usedBytes: meter.read().memoryBytes }, meter)
    capped = next === 'hold-capped'
    if (next === 'grow') capped = !resize(Math.min(held + STEP_BYTES, wantedBytes, maxByteLength))
    // Not above what is wanted, and yet too full: a step back.
    if (next === 'shrink') resize(held > wantedBytes ? wantedBytes : Math.max(0, held - STEP_BYTES))
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer)
    timer = null
  }

  return {
    set: (bytes) => {
      wantedBytes = bytes
      if (bytes > 0) timer ??= setInterval(step, STEP_MS)
      else {
        stop()
        capped = false
        // Frees at once what a garbage collection would free some day.
        buffer?.transfer(0)
        buffer = null
      }
    },
    held: () => ({ heldBytes: heldBytes(), capped }),
    close: stop,
  }
}
