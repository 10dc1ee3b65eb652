/**
 * Asks the alert service how it is (`GET ALERT_SERVICE_URL/status`). Joining: `followDelivery(options)`, `current()`
 * for the page and `/api/status`, `isRead` for the retention of rotated alert logs, `stop()`.
 */
import { ALERT_STATES } from '@plimsoll/contracts/alert'
import { DELIVERY_OUTCOMES, type DeliveryStatus } from '@plimsoll/contracts/delivery'
import type { DeliveryView } from '@plimsoll/contracts/http'
import type { EpochMs } from '@plimsoll/contracts/time'
import { Agent } from 'undici'
import * as v from 'valibot'
import { failureText } from '../core/failures.ts'

export interface DeliveryOptions {
  /** `ALERT_SERVICE_URL`, without `/status`. */
  readonly url: string
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly now: () => EpochMs
  /** Told when what is known changes. */
  readonly changed: (view: DeliveryView) => void
}

export interface Delivery {
  /** The newest answer, or why there is none; `null` before the first. */
  current(): DeliveryView | null
  /** Whether the alert service has read this rotated file to its end; false while nobody can tell. */
  isRead(name: string): boolean
  stop(): Promise<void>
}

const MAX_BODY_BYTES = 1024 * 1024
const time = v.nullable(v.number())

const Channel = v.object({
  name: v.string(),
  doc: v.string(),
  state: v.picklist(['ok', 'retrying', 'blocked', 'unused']),
  queued: v.number(),
  sent: v.number(),
  lastSentAt: time,
  error: v.nullable(v.string()),
  advice: v.nullable(v.string()),
  nextTryAt: time,
})
const Decision = v.object({
  at: v.number(),
  id: v.string(),
  state: v.picklist(ALERT_STATES),
  rule: v.string(),
  container: v.nullable(v.string()),
  channel: v.nullable(v.string()),
  outcome: v.picklist(DELIVERY_OUTCOMES),
  why: v.string(),
})
const Status = v.object({
  build: v.string(),
  startedAt: v.number(),
  state: v.picklist(['ok', 'degraded']),
  problems: v.array(v.string()),
  log: v.object({
    file: v.string(),
    offset: v.number(),
    behindBytes: v.number(),
    lines: v.number(),
    badLines: v.number(),
    pendingFiles: v.array(v.string()),
  }),
  outcomes: v.record(v.picklist(DELIVERY_OUTCOMES), v.number()),
  channels: v.array(Channel),
  recent: v.pipe(v.array(Decision), v.maxLength(1000)),
}) satisfies v.GenericSchema<unknown, DeliveryStatus>

/** Asks at once and then every `intervalMs` after the last answer. Never throws. */
export function followDelivery(options: DeliveryOptions): Delivery {
  const agent = new Agent({ connections: 1, connect: { timeout: options.timeoutMs } })
  let view: DeliveryView | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const ask = async () => {
    const answer = await answerOf(agent, options)
    if (stopped) return
    const before = view
    view = nextView(before, answer, options.now())
    if (isNews(before, view)) options.changed(view)
    timer = setTimeout(ask, options.intervalMs).unref()
  }
  void ask()
  return {
    current: () => view,
    isRead: (name) => view?.reachable === true && !view.status.log.pendingFiles.includes(name),
    stop: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await agent.destroy()
    },
  }
}

type Answer = { readonly status: DeliveryStatus } | { readonly error: string }

function nextView(before: DeliveryView | null, answer: Answer, at: EpochMs): DeliveryView {
  if ('status' in answer) return { reachable: true, at, status: answer.status }
  return { reachable: false, since: before?.reachable === false ? before.since : at, error: answer.error }
}

/** Not the time of the answer alone. */
function isNews(before: DeliveryView | null, after: DeliveryView): boolean {
  const content = (view: DeliveryView | null) =>
    JSON.stringify(view?.reachable === true ? view.status : { error: view?.error })
  return before === null || content(before) !== content(after)
}

async function answerOf(agent: Agent, { url, timeoutMs }: DeliveryOptions): Promise<Answer> {
  try {
    const { origin, pathname } = new URL(`${url}/status`)
    const signal = AbortSignal.timeout(timeoutMs)
    const { statusCode, body } = await agent.request({ origin, path: pathname, method: 'GET', signal })
    if (statusCode !== 200) {
      await body.dump({ limit: MAX_BODY_BYTES, signal })
      return { error: `the alert service answers ${statusCode}` }
    }
    const read = v.safeParse(Status, JSON.parse(await boundedText(body)))
    if (read.success) return { status: read.output }
    const issue = read.issues[0]
    return { error: `not an answer of an alert service: ${v.getDotPath(issue) ?? 'body'}: ${issue.message}` }
  } catch (cause) {
    if (cause instanceof SyntaxError) return { error: 'not an answer of an alert service: no JSON' }
    return { error: failureText(cause, timeoutMs) }
  }
}

async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Error('the answer is longer than 1 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
