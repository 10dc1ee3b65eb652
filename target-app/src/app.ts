/**
 * The target app's HTTP interface, built from its parts and not yet listening.
 *
 * It exists to be loaded and broken: whoever reaches it may slow it, fill its memory or make it crash, within the
 * container's own limits. There is no login, so it is published on 127.0.0.1 only; `guard.ts` says what keeps the
 * pages in a browser on that machine away.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '@plimsoll/runtime/log'
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify'
import type { Database } from './database.ts'
import { TARGET_ERRORS, TargetError, targetErrorOf } from './errors.ts'
import { hostAllowed } from './guard.ts'
import { HEALTH_DEADLINE_MS, healthOf } from './health.ts'
import { type LoadRoutesDeps, registerLoadRoutes } from './load-routes.ts'
import type { Loads } from './loads.ts'
import type { Metrics } from './metrics.ts'
import { DEFAULT_MIX, pick, queryOf } from './queries.ts'
import { blockQuery, cacheQuery, checked, workQuery } from './requests.ts'
import { createBlocker, createCache, createCpuWork } from './work.ts'

export interface TargetDeps extends LoadRoutesDeps {
  readonly log: Log
  readonly database: Database
  readonly loads: Loads
  readonly metrics: Metrics
  /** Milliseconds on a steady clock. */
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
}

const BODY_LIMIT_BYTES = 16 * 1024
const REQUEST_DEADLINE_MS = 10_000
const MAX_CONNECTIONS = 2000

/** What faults never touch: how load is steered and measured must work while the rest fails. */
const steering = /^\/(load|metrics)(\/|$)/

/** The app, ready for `listen` or `inject`. Closing it ends no load: that is `deps.loads`, whose owner closes it. */
export function buildApp(deps: TargetDeps): FastifyInstance {
  const app = fastify({
    // Node's own deadline is for the whole request; slow ones are answered by then or cut off.
    requestTimeout: REQUEST_DEADLINE_MS,
    bodyLimit: BODY_LIMIT_BYTES,
    // A stop does not wait for keep-alive connections.
    forceCloseConnections: true,
    logger: false,
    // An address that is not one never reaches a route; it gets an answer of the same shape.
    frameworkErrors: (error, _request, reply) =>
      void (reply as FastifyReply).code(400).send(bodyOf(targetErrorOf(error))),
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.removeContentTypeParser('text/plain')
  registerErrors(app, deps.log)
  registerHooks(app, deps)
  registerPages(app, deps)
  registerWork(app, deps)
  registerLoadRoutes(app, deps)
  return app
}

const bodyOf = ({ code, message }: TargetError) => ({ error: { code, message } })

function registerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = targetErrorOf(thrown)
    if (error.code === 'internal') log.error({ err: thrown }, 'a request failed')
    return reply.code(TARGET_ERRORS[error.code]).send(bodyOf(error))
  })
  app.setNotFoundHandler(() => {
    throw new TargetError('not-found', 'there is nothing at this address')
  })
}

function registerHooks(app: FastifyInstance, { loads, metrics, random }: TargetDeps): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    if (!hostAllowed(request.headers.host)) throw new TargetError('host-not-allowed', 'this Host is not answered')
  })
  app.addHook('preHandler', async (request) => {
    const { latencyMs, errorPercent } = loads.demand()
    if (steering.test(request.url)) return
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
    if (!request.url.startsWith('/health') && random() * 100 < errorPercent)
      throw new TargetError('made-to-fail', 'an errors load asks for it')
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const seconds = reply.elapsedTime / 1000
    metrics.answered({ method: request.method, route, status: reply.statusCode, seconds })
  })
}

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"

function registerPages(app: FastifyInstance, { database, loads, metrics }: TargetDeps): void {
  const read = (file: string) => readFileSync(join(import.meta.dirname, 'page', file), 'utf8')
  const [html, css, script] = [read('page.html'), read('page.css'), read('page.js')]
  app.get('/', (request, reply) => {
    if (request.headers.accept?.includes('text/html') === true)
      return reply.type('text/html').header('content-security-policy', CSP).send(html)
    return reply.send({ name: 'plimsoll target app', ...loads.answer() })
  })
  app.get('/page.css', (_request, reply) => reply.type('text/css').send(css))
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(script))
  app.get('/health', async (_request, reply) => {
    const { status, body } = healthOf(await database.ping(HEALTH_DEADLINE_MS), loads.demand().outage)
    return reply.code(status).send(body)
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}

function registerWork(app: FastifyInstance, { database, metrics, now, random }: TargetDeps): void {
  const work = createCpuWork()
  const block = createBlocker(now)
  const cache = createCache(now)
  app.get('/work/cpu', async (request) => {
    const { ms } = checked(workQuery, request.query)
    await work(ms)
    return { usedMs: ms }
  })
  app.get('/work/block', (request) => {
    const { ms } = checked(blockQuery, request.query)
    block(ms)
    return { blockedMs: ms }
  })
  app.get('/work/cache', async (request) => {
    // Without a key some are asked for more than others, as in life: about 8 of 10 hit.
    const key = Math.floor(checked(cacheQuery, request.query).key ?? random() ** 3 * 1000)
    const hit = cache.get(key)
    if (hit) metrics.cacheHit()
    else metrics.cacheMiss()
    if (!hit) await work(2)
    return { key, cache: hit ? 'hit' : 'miss' }
  })
  app.get('/work/db', async () => {
    const kind = pick({ ...DEFAULT_MIX, locks: 0, slow: 0 }, random())
    try {
      await database.run(queryOf(kind, random()))
    } catch (cause) {
      throw new TargetError('database-away', 'the database did not answer the query', { cause })
    }
    return { query: kind }
  })
}
