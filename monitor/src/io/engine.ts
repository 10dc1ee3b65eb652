/**
 * The Docker engine's HTTP interface: the only file that speaks it. Every call has its own deadline and answers with
 * checked values; none is repeated here but after a kept connection that the engine had closed meanwhile. Plain
 * `node:http`: the eight GETs below are all that is used of a client library, which cost twice the CPU (see
 * docs/decisions/0012-the-engine-over-plain-http.md).
 */
import http from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import type { EpochMs } from '@plimsoll/contracts/time'
import { type EngineFacts, factsOf, versionToAsk } from '../core/engine-facts.ts'
import {
  ACTIONS,
  type EngineEvent,
  type Inspected,
  type Listed,
  parseEvent,
  parseInspect,
  parseList,
} from '../core/engine-words.ts'
import { endLog, feedLog, newLogReader } from '../core/log-lines.ts'

/** Quick answers; an engine under load takes hundreds of milliseconds for a list of hundreds. */
const CALL_DEADLINE_MS = 5_000
/** Statistics, inspects, the event stream and a list at one time; the engine collects statistics one by one anyway. */
const MAX_CONNECTIONS = 16
/** More than any list of containers; what is longer is no answer of an engine. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024
/** A line of the event stream carries all labels of a container; longer than this it is no event. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024

export type LogTail = ReturnType<typeof endLog>

export interface LogSource {
  /** The newest `tail` lines a container wrote; `null` when the engine no longer has it. */
  logs(id: string, tail: number): Promise<LogTail | null>
}

export interface EventStream {
  /** Resolves when it ends, with the reason; never rejects. */
  readonly ended: Promise<string>
  close(): void
}

export interface Engine {
  /** The address, as a person reads it. */
  readonly where: string
  /** Agrees on an API version and says who answers. Comes first, and again after each loss. */
  connect(): Promise<EngineFacts>
  ping(): Promise<void>
  list(): Promise<readonly Listed[]>
  /** `null` when the engine no longer has it. */
  inspect(id: string): Promise<Inspected | null>
  /** One statistics answer, taken at once (`one-shot`), unchecked; `null` when the engine no longer has it. */
  statistics(id: string, deadlineMs: number): Promise<unknown>
  /** Events of containers from `since` (the engine's time) on, or from now on. Resolves once the engine listens. */
  events(since: EpochMs | null, onEvent: (event: EngineEvent) => void): Promise<EventStream>
  close(): void
}

/** Where the engine is, and by which connections it is asked. */
interface Line {
  readonly address: Pick<http.RequestOptions, 'socketPath' | 'host' | 'port'>
  readonly agent: http.Agent
  /** `/v1.45` once a version is agreed on. */
  version: string
}

/** `unix:///var/run/docker.sock` or `tcp://host:2375`, as `DOCKER_HOST` has it. */
function addressOf(dockerHost: string): Line['address'] {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) }
  const { hostname, port } = new URL(dockerHost.replace(/^tcp:/, 'http:'))
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 2375 : Number(port) }
}

/** A connection of its own to `dockerHost`; nothing is asked before `connect`. */
export function openEngine(dockerHost: string): Engine & LogSource {
  const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS })
  const line: Line = { address: addressOf(dockerHost), agent, version: '' }
  const get = (path: string, deadlineMs = CALL_DEADLINE_MS) => again(() => ask(line, path, deadlineMs))
  const of = (id: string, what: string) => `/containers/${encodeURIComponent(id)}/${what}`
  return {
    where: dockerHost,
    connect: async () => {
      line.version = ''
      const version = await get('/version')
      const wanted = versionToAsk(version)
      line.version = `/v${wanted}`
      return factsOf(version, await get('/info'), wanted)
    },
    ping: async () => {
      await get('/_ping')
    },
    list: async () => parsed(parseList(await get('/containers/json?all=true')), 'list of containers'),
    inspect: async (id) => {
      const answer = await goneIsNull(get(of(id, 'json')))
      return answer === null ? null : parsed(parseInspect(answer), 'inspect answer')
    },
    statistics: (id, deadlineMs) => goneIsNull(get(of(id, 'stats?stream=false&one-shot=true'), deadlineMs)),
    logs: (id, tail) => goneIsNull(readLogs(line, of(id, `logs?stdout=true&stderr=true&timestamps=true&tail=${tail}`))),
    events: (since, onEvent) => openEvents(line, since, onEvent),
    close: () => agent.destroy(),
  }
}

/** An answer other than 200, with what the engine said about it. */
class EngineError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, said: unknown) {
    const { message } = Object(said) as { message?: unknown }
    super(`HTTP ${statusCode}${typeof message === 'string' ? `: ${message}` : ''}`)
    this.statusCode = statusCode
  }
}

function noAnswer(): Error {
  return Object.assign(new Error('no answer in time'), { name: 'TimeoutError' })
}

/** The answer's head; `deadlineMs` ends the whole request, its body too, unless `0`. */
function open(line: Line, path: string, deadlineMs: number): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: http.IncomingMessage | null = null
    const request = http.get({ ...line.address, agent: line.agent, path: line.version + path }, (response) => {
      answer = response
      resolve(response)
    })
    request.on('error', reject)
    if (deadlineMs === 0) return
    // Ending the request under an answer that has begun would look like a connection that broke.
    const timer = setTimeout(() => (answer ?? request).destroy(noAnswer()), deadlineMs)
    request.on('close', () => clearTimeout(timer))
  })
}

/** The answer to a GET, read whole and parsed. `undefined` when it is no JSON: `_ping` says OK, a broken proxy anything. */
async function ask(line: Line, path: string, deadlineMs: number): Promise<unknown> {
  const response = await open(line, path, deadlineMs)
  const answer = json(await textOf(response))
  if (response.statusCode !== 200) throw new EngineError(response.statusCode ?? 0, answer)
  return answer
}

function textOf(response: http.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'))
    })
    response.on('end', () => resolve(Buffer.concat(chunks, bytes).toString('utf8')))
    response.on('error', reject)
  })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A kept connection may be closed by the other side just as it is used; reading again does no harm. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error
    return await call()
  }
}

async function goneIsNull<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof EngineError && error.statusCode === 404) return null
    throw error
  }
}

function parsed<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the engine's ${what} cannot be understood`)
  return value
}

/** Reads a log as it comes and keeps what it may: a whole one could be larger than memory. */
async function readLogs(line: Line, path: string): Promise<LogTail> {
  const response = await open(line, path, CALL_DEADLINE_MS)
  if (response.statusCode !== 200) throw new EngineError(response.statusCode ?? 0, json(await textOf(response)))
  const reader = newLogReader()
  for await (const chunk of response as AsyncIterable<Buffer>) feedLog(reader, chunk)
  return endLog(reader)
}

/** The engine answers the head at once, and then with a line for each event until somebody hangs up. */
async function openEvents(
  line: Line,
  since: EpochMs | null,
  onEvent: (event: EngineEvent) => void,
): Promise<EventStream> {
  const filters = JSON.stringify({ type: ['container', 'network'], event: ACTIONS })
  const query = new URLSearchParams({ filters, ...(since === null ? {} : { since: (since / 1000).toFixed(6) }) })
  const response = await withDeadline(open(line, `/events?${query}`, 0), CALL_DEADLINE_MS)
  if (response.statusCode !== 200) throw new EngineError(response.statusCode ?? 0, json(await textOf(response)))
  return { ended: follow(response, onEvent), close: () => response.destroy() }
}

/** Gives up on a stream that does not begin; one that begins later is closed. */
async function withDeadline(opening: Promise<http.IncomingMessage>, ms: number): Promise<http.IncomingMessage> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(noAnswer()), ms)
  const given = new Promise<never>((_, reject) =>
    late.signal.addEventListener('abort', () => reject(late.signal.reason)),
  )
  opening.then((response) => late.signal.aborted && response.destroy()).catch(() => undefined)
  return await Promise.race([opening, given]).finally(() => clearTimeout(timer))
}

/** Reads lines of JSON until the stream ends. */
function follow(stream: NodeJS.ReadableStream, onEvent: (event: EngineEvent) => void): Promise<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > MAX_EVENT_CHARS) rest = ''
      for (const line of lines) {
        const event = eventOf(line)
        if (event !== null) onEvent(event)
      }
    })
    stream.on('end', () => resolve('the engine ended the event stream'))
    stream.on('error', (error) => resolve(error.message))
    stream.on('close', () => resolve('the event stream was closed'))
  })
}

/** What is not JSON is passed over: the next line may be again, and what was lost the next look at the list finds. */
function eventOf(line: string): EngineEvent | null {
  return line.trim() === '' ? null : parseEvent(json(line))
}
