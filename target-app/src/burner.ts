/**
 * A thread that uses a given share of one core. It goes by its own CPU time, not by the clock, so that 35 % is 35 %
 * also where the machine is busy or the container is throttled; see `owed` for how much it makes good.
 *
 * `main.ts` reaches this file through `burners.ts`, so it is in the compile cache that the image warms.
 */
import { isMainThread, workerData } from 'node:worker_threads'

/** The one cell that a burner shares with the main thread: its share of a core in 1/100 percent. */
export interface BurnerData {
  readonly burner: true
  readonly share: Int32Array<SharedArrayBuffer>
}

/** One turn of working and resting. Below the kernel's CPU period (100 ms), so that a limit cuts nothing off. */
const TURN_MS = 25
/** What a burner kept from running makes good at once, at most: more would be a burst that nobody asked for. */
const MAX_DEBT_MS = 50

/** CPU time owed after `wallMs` at `share` (0 to 1), of which `cpuMs` were used; never more than the debt that may be. */
export function owed(before: number, passed: { wallMs: number; cpuMs: number }, share: number): number {
  return Math.min(MAX_DEBT_MS, before + passed.wallMs * share - passed.cpuMs)
}

/** How long to rest with `owedMs` of CPU time ahead (negative) or behind. */
export function restMs(owedMs: number, share: number): number {
  return owedMs > 0 ? 0 : Math.min(100, -owedMs / share + TURN_MS * (1 - share))
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Uses CPU for about `ms` of this thread's CPU time. */
function spin(ms: number): void {
  const end = cpuMs() + ms
  let x = 1.1
  while (cpuMs() < end) for (let i = 0; i < 20_000; i++) x = Math.sqrt(x * x + 1e-9)
}

function burn({ share: cell }: BurnerData): never {
  let owedMs = 0
  let wall = performance.now()
  let cpu = cpuMs()
  for (;;) {
    const raw = Atomics.load(cell, 0)
    if (raw === 0) Atomics.wait(cell, 0, 0)
    const share = raw / 10_000
    const [wallNow, cpuNow] = [performance.now(), cpuMs()]
    owedMs = raw === 0 ? 0 : owed(owedMs, { wallMs: wallNow - wall, cpuMs: cpuNow - cpu }, share)
    wall = wallNow
    cpu = cpuNow
    if (raw === 0) continue
    if (owedMs > 0) spin(Math.min(owedMs, TURN_MS))
    else if (share < 1) Atomics.wait(cell, 0, raw, restMs(owedMs, share))
  }
}

if (!isMainThread && (workerData as BurnerData | null)?.burner === true) burn(workerData as BurnerData)
