/**
 * Asks health targets: GET with a deadline over kept connections, no redirects followed, the answer read to its end but
 * not without bound. Joining: `prober.round(targets, tell)` every `HEALTH_INTERVAL`; `prober.close()` at stop.
 */
import { Agent } from 'undici'
import type { ProbeResult } from '../core/observation.ts'
import { failureText } from '../core/probes.ts'

export interface ProberOptions {
  readonly timeoutMs: number
  /** Probes under way at one time. */
  readonly maxParallel: number
  readonly now: () => number
}

export interface Prober {
  /**
   * Probes each target that has no probe under way, and tells each result as it comes. Never throws. A target whose
   * turn does not come before the next round is left out of this one.
   */
  round<T extends { readonly url: string }>(targets: readonly T[], tell: (target: T, result: ProbeResult) => void): void
  /** One probe. Never rejects. */
  probe(url: string): Promise<ProbeResult>
  close(): Promise<void>
}

// A health page is small; a target that streams for ever must not fill our memory.
const MAX_BODY_BYTES = 256 * 1024

export function createProber(options: ProberOptions): Prober {
  const agent = new Agent({ connections: 2, pipelining: 1, connect: { timeout: options.timeoutMs } })
  const busy = new Set<string>()
  const probe = (url: string) => probeOnce(agent, url, options)
  return {
    probe,
    round: (targets, tell) => {
      for (const target of targets) {
        if (busy.has(target.url) || busy.size >= options.maxParallel) continue
        busy.add(target.url)
        void probe(target.url)
          .then((result) => tell(target, result))
          .finally(() => busy.delete(target.url))
      }
    },
    close: async () => await agent.destroy(),
  }
}

async function probeOnce(agent: Agent, url: string, options: ProberOptions): Promise<ProbeResult> {
  const { timeoutMs, now } = options
  const started = performance.now()
  const told = (ok: boolean, detail: string, answered: boolean): ProbeResult => {
    return { at: now(), url, ok, responseMs: answered ? performance.now() - started : null, detail }
  }
  try {
    const status = await answerOf(agent, url, AbortSignal.timeout(timeoutMs))
    return told(status >= 200 && status < 300, String(status), true)
  } catch (cause) {
    return told(false, failureText(cause, timeoutMs), false)
  }
}

async function answerOf(agent: Agent, url: string, signal: AbortSignal): Promise<number> {
  const { origin, pathname, search } = new URL(url)
  const headers = { 'user-agent': 'plimsoll', accept: '*/*' }
  const request = { origin, path: pathname + search, method: 'GET', headers, signal } as const
  const { statusCode, body } = await agent.request(request).catch((cause: unknown) => {
    // A kept connection that the target closes in the moment we use it is no failure of the target.
    if ((cause as { code?: unknown }).code !== 'UND_ERR_SOCKET') throw cause
    return agent.request(request)
  })
  await body.dump({ limit: MAX_BODY_BYTES, signal })
  return statusCode
}
