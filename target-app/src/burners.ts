/** The threads that use CPU on request, so that the event loop stays free for answers. */
import { Worker } from 'node:worker_threads'
import type { Log } from '@plimsoll/runtime/log'
import type { BurnerData } from './burner.ts'
import './burner.ts'

export interface Burners {
  /** Makes `workers` threads use `percent` of one core together; 0 ends them all. */
  readonly set: (percent: number, workers: number) => void
  readonly close: () => Promise<void>
}

interface Burner {
  readonly worker: Worker
  readonly share: Int32Array<SharedArrayBuffer>
}

export function createBurners(log: Log): Burners {
  let running: readonly Burner[] = []

  function start(): Burner {
    const share = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(new URL('./burner.ts', import.meta.url), {
      workerData: { burner: true, share } satisfies BurnerData,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    })
    const burner = { worker, share }
    worker.on('error', (err) => {
      log.error({ err }, 'a CPU thread failed; the next renewal starts another')
      running = running.filter((other) => other !== burner)
    })
    // Alone it keeps nothing alive: a process told to stop ends.
    worker.unref()
    return burner
  }

  function set(percent: number, workers: number): void {
    for (const { worker } of running.slice(workers)) void worker.terminate()
    const kept = running.slice(0, workers)
    running = [...kept, ...Array.from({ length: workers - kept.length }, start)]
    for (const { share } of running) {
      Atomics.store(share, 0, Math.round((Math.min(100, percent / workers) / 100) * 10_000))
      Atomics.notify(share, 0)
    }
  }

  return {
    set,
    close: async () => {
      const last = running
      running = []
      await Promise.all(last.map(({ worker }) => worker.terminate()))
    },
  }
}
