/** One HTTP POST with a deadline, judged: chats, webhooks and an Alertmanager are all reached by it. */
import { createHmac } from 'node:crypto'
import type { SendResult } from '../core/channel.ts'
import { httpFailure } from '../core/classify.ts'

export interface Post {
  readonly url: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** Which setting holds the address, for the advice. */
  readonly setting: string
  /** Signs the body so that the receiver can tell it is ours; null sends it unsigned. */
  readonly secret: string | null
}

/** An answer is read this far; it is only shown to a person. */
const ANSWER_CHARS = 300

/**
 * `X-Plimsoll-Signature: sha256=…` over `<timestamp>.<body>`; the timestamp is there so that a receiver can refuse an
 * old request that somebody recorded.
 */
export function signature(body: string, secret: string, seconds: number): Readonly<Record<string, string>> {
  const sum = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return { 'X-Plimsoll-Timestamp': String(seconds), 'X-Plimsoll-Signature': `sha256=${sum}` }
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  let text = ''
  const decoder = new TextDecoder()
  while (text.length < ANSWER_CHARS) {
    const { done, value } = await reader.read()
    if (done) break
    text += decoder.decode(value, { stream: true })
  }
  await reader.cancel()
  return text.slice(0, ANSWER_CHARS)
}

/** `120` or a date, as milliseconds from `now`; null when it is neither. */
export function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

function nameOf(cause: unknown): { name: string; message: string } {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  // undici hides why behind `fetch failed`.
  const why = error.cause instanceof Error ? error.cause : error
  const code = 'code' in why && typeof why.code === 'string' ? why.code : why.name
  return { name: code, message: why.message }
}

/** Posts JSON. Redirects are not followed: a webhook that moved must be set anew. Never throws. */
export async function post(request: Post, signal: AbortSignal): Promise<SendResult> {
  const body = JSON.stringify(request.body)
  const signed = request.secret === null ? {} : signature(body, request.secret, Math.floor(Date.now() / 1000))
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', 'User-Agent': 'Plimsoll', ...request.headers, ...signed },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]),
    })
    const answer = await beginningOf(response)
    if (response.ok) return { ok: true, answer: `HTTP ${response.status}` }
    const asked = retryAfterMs(response.headers.get('retry-after'), Date.now())
    const fault = { name: `HTTP ${response.status}`, message: answer, status: response.status, retryAfterMs: asked }
    return httpFailure(fault, request.setting)
  } catch (cause) {
    return httpFailure({ ...nameOf(cause), status: null, retryAfterMs: null }, request.setting)
  }
}
