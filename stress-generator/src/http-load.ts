/** The HTTP part of a load, by autocannon: an even rate over the app's own pages, and what came back. */
import { createHistogram } from 'node:perf_hooks'
import autocannon from 'autocannon'

/** What a visitor of the app does: mostly cheap answers, some work, some database. */
const PATHS = ['/', '/work/cache', '/work/cache', '/work/db', '/work/cache', '/work/cpu?ms=2'] as const

/** So many failed connections in a row and it stops until it is started again: autocannon dials without a pause. */
const BAIL_OUT = 100
const ANSWER_DEADLINE_SECONDS = 10
/** autocannon notices `stop()` at its next sample. */
const SAMPLE_MS = 250
const FOR_EVER_SECONDS = 7 * 86_400

export interface HttpCount {
  readonly answers: number
  /** Answers with a status of 500 and above. */
  readonly serverErrors: number
  /** Connections refused or cut, and answers that did not come in time. */
  readonly failures: number
}

/** Milliseconds; `null` where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

export interface HttpLoad {
  /** Keeps this rate from now on; 0 stops. */
  readonly set: (perSecond: number) => void
  readonly count: () => HttpCount
  /** Of the times of all answers so far. */
  readonly percentiles: () => Percentiles
  readonly stop: () => void
}

export function createHttpLoad(url: string, connections: number): HttpLoad {
  // In microseconds.
  const times = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 })
  let running: { readonly instance: autocannon.Instance; readonly perSecond: number } | null = null
  let [answers, serverErrors, failures] = [0, 0, 0]

  function start(perSecond: number): void {
    const instance = autocannon(
      {
        url,
        connections: Math.min(connections, perSecond),
        overallRate: perSecond,
        duration: FOR_EVER_SECONDS,
        timeout: ANSWER_DEADLINE_SECONDS,
        sampleInt: SAMPLE_MS,
        bailout: BAIL_OUT,
        requests: PATHS.map((path) => ({ path })),
      },
      () => {
        if (running?.instance === instance) running = null
      },
    )
    instance.on('response', (_client, status, _bytes, ms) => {
      answers++
      if (status >= 500) serverErrors++
      times.record(Math.max(1, Math.round(ms * 1000)))
    })
    instance.on('reqError', () => {
      failures++
    })
    running = { instance, perSecond }
  }

  const ms = (share: number) => (times.count === 0 ? null : times.percentile(share) / 1000)

  function stop(): void {
    running?.instance.stop()
    running = null
  }

  return {
    set: (perSecond) => {
      if (running !== null && running.perSecond !== perSecond) stop()
      if (running === null && perSecond > 0) start(perSecond)
    },
    count: () => ({ answers, serverErrors, failures }),
    percentiles: () => ({ p50: ms(50), p95: ms(95), p99: ms(99) }),
    stop,
  }
}
