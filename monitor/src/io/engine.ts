/**
 * The Docker engine: the only file that knows dockerode. Every call has its own deadline and answers with checked
 * values; none is repeated here but after a kept connection that the engine had closed meanwhile.
 */
import http from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import { inspect as inspectValue } from 'node:util'
import type { EpochMs } from '@plimsoll/contracts/time'
import Docker from 'dockerode'
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

/** `unix:///var/run/docker.sock` or `tcp://host:2375`, as `DOCKER_HOST` has it. */
function addressOf(dockerHost: string): Docker.DockerOptions {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) }
  const { hostname, port } = new URL(dockerHost.replace(/^tcp:/, 'http:'))
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 2375 : Number(port), protocol: 'http' }
}

/** A connection of its own to `dockerHost`; nothing is asked before `connect`. */
export function openEngine(dockerHost: string): Engine & LogSource {
  const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS })
  // docker-modem formats each request with its agent, sockets and all, for a debug line that nobody reads:
  // 1 800 µs of CPU for a statistics call, 530 µs with this.
  Object.assign(agent, { [inspectValue.custom]: () => 'Agent' })
  // docker-modem would read DOCKER_HOST from the environment itself, with the quotes a Compose list leaves around it.
  process.env.DOCKER_HOST = dockerHost
  const docker = new Docker(Object.assign(addressOf(dockerHost), { agent }))
  const modem = docker.modem as { version?: string }
  const calls = callsOf(docker)
  return {
    where: dockerHost,
    connect: async () => {
      delete modem.version
      const version = await calls.version()
      const ask = versionToAsk(version)
      modem.version = `v${ask}`
      return factsOf(version, await calls.info(), ask)
    },
    ping: async () => {
      await calls.ping()
    },
    list: async () => parsed(parseList(await calls.list()), 'list of containers'),
    inspect: async (id) => {
      const answer = await goneIsNull(calls.inspect(id))
      return answer === null ? null : parsed(parseInspect(answer), 'inspect answer')
    },
    statistics: (id, deadlineMs) => goneIsNull(calls.statistics(id, deadlineMs)),
    logs: (id, tail) => goneIsNull(readLogs(docker, id, tail)),
    events: (since, onEvent) => openEvents(docker, since, onEvent),
    close: () => agent.destroy(),
  }
}

/** The calls by name, each with a deadline. */
function callsOf(docker: Docker) {
  // dockerode's types leave the options of these out; it takes them all the same.
  const untyped = docker as unknown as Record<
    'info' | 'version' | 'ping',
    (options: { abortSignal: AbortSignal }) => Promise<unknown>
  >
  const within = (ms = CALL_DEADLINE_MS) => ({ abortSignal: AbortSignal.timeout(ms) })
  return {
    version: () => again(() => untyped.version(within())),
    info: () => again(() => untyped.info(within())),
    ping: () => again(() => untyped.ping(within())),
    list: (): Promise<unknown> => again(() => docker.listContainers({ all: true, ...within() })),
    inspect: (id: string): Promise<unknown> => again(() => docker.getContainer(id).inspect(within())),
    statistics: (id: string, ms: number): Promise<unknown> =>
      again(() => docker.getContainer(id).stats({ stream: false, 'one-shot': true, ...within(ms) })),
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
    if ((error as { statusCode?: unknown }).statusCode === 404) return null
    throw error
  }
}

function parsed<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`the engine's ${what} cannot be understood`)
  return value
}

/** dockerode's own call would take the whole log into memory; this reads it as it comes and keeps what it may. */
async function readLogs(docker: Docker, id: string, tail: number): Promise<LogTail> {
  const modem = docker.modem as unknown as {
    dial(options: object, done: (error: Error | null, stream: AsyncIterable<Buffer>) => void): void
  }
  const stream = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const asked = { stdout: true, stderr: true, timestamps: true, tail }
    const how = { method: 'GET', isStream: true, statusCodes: { 200: true }, options: asked }
    const abortSignal = AbortSignal.timeout(CALL_DEADLINE_MS)
    modem.dial({ path: `/containers/${encodeURIComponent(id)}/logs?`, ...how, abortSignal }, (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    )
  })
  const reader = newLogReader()
  for await (const chunk of stream) feedLog(reader, chunk)
  return endLog(reader)
}

async function openEvents(
  docker: Docker,
  since: EpochMs | null,
  onEvent: (event: EngineEvent) => void,
): Promise<EventStream> {
  const abort = new AbortController()
  const deadline = setTimeout(() => abort.abort(new Error('no answer in time')), CALL_DEADLINE_MS)
  const filters = { type: ['container', 'network'], event: [...ACTIONS] }
  // A number would be written with an exponent or lose its fraction: the engine takes seconds as text.
  const from = since === null ? {} : { since: (since / 1000).toFixed(6) as unknown as number }
  try {
    const asked = { filters, abortSignal: abort.signal, ...from } as Docker.GetEventsOptions
    const stream = await docker.getEvents(asked)
    return { ended: follow(stream, onEvent), close: () => abort.abort() }
  } finally {
    clearTimeout(deadline)
  }
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

function eventOf(line: string): EngineEvent | null {
  if (line.trim() === '') return null
  try {
    return parseEvent(JSON.parse(line))
  } catch {
    // Not JSON: the next line may be again, and what was lost is found by the next look at the list.
    return null
  }
}
