/** The HTTP interface on :8001: the page, the JSON answers and the metrics. It decides nothing but who may ask. */
import { existsSync } from 'node:fs'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import serveFiles from '@fastify/static'
import { ERROR_CODES, type ErrorBody, type ErrorCode, type HealthAnswer } from '@plimsoll/contracts/http'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { AckPage } from '../core/ack-page.ts'
import { isHostAllowed, isOriginAllowed } from '../core/hosts.ts'
import type { Query } from '../core/query.ts'

/** What is answered, by path. `null` is an answer too: there is nothing of that name. */
export interface Answers {
  readonly health: () => HealthAnswer
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> }
  readonly containers: (query: Query) => unknown
  readonly container: (name: string) => unknown
  readonly history: (name: string, query: Query) => unknown
  readonly logs: (name: string, query: Query) => Promise<unknown>
  readonly alerts: (query: Query) => unknown
  readonly alert: (id: string) => Promise<unknown>
  readonly events: (query: Query) => unknown
  readonly status: () => unknown
  readonly host: () => unknown
  /** What people say to alerts. */
  readonly speech: {
    readonly silences: () => unknown
    readonly silence: (body: unknown) => unknown
    readonly unsilence: (id: string) => unknown
    readonly acknowledge: (id: string, body: unknown) => unknown
  }
  /** The acknowledge links of mails: `show` changes nothing. */
  readonly links: {
    readonly show: (id: string, query: Query) => AckPage
    readonly act: (id: string, query: Query) => AckPage
  }
  /** What rules would have said of the stored past. */
  readonly backtest: {
    readonly inForce: (query: Query) => Promise<unknown>
    readonly asked: (body: unknown) => Promise<unknown>
  }
}

export interface WebOptions {
  readonly allowedHosts: readonly string[]
  /** The built page; may be missing. */
  readonly pageDir: string
  /** Told of every answer 500, with its cause. */
  readonly onFault: (error: unknown) => void
}

/** A page loads some ten files and asks a few times a minute; a person reloads. */
const MAX_REQUESTS_PER_MINUTE = 1200
const REQUEST_DEADLINE_MS = 10_000
const ACK_PATH = '/ack/:id'

/** Everything from here, nothing inline, and no upgrade to HTTPS: over plain HTTP in a LAN the page would stay blank. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
} as const

/** An error to answer with; thrown by what makes an answer. */
export class Refusal extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

function refuse(reply: FastifyReply, code: ErrorCode, message: string): FastifyReply {
  const body: ErrorBody = { error: { code, message } }
  return reply.code(ERROR_CODES[code].status).send(body)
}

/** The server, not yet listening. */
export async function buildWeb(answers: Answers, options: WebOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    requestTimeout: REQUEST_DEADLINE_MS,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, _request, reply) => refuse(reply, 'bad-request', error.message),
  })
  app.addHook('onRequest', async (request, reply) => {
    if (isHostAllowed(request.headers.host, options.allowedHosts)) return
    const name = JSON.stringify(request.headers.host ?? '')
    await refuse(reply, 'host-not-allowed', `this monitor does not answer to ${name}; ALLOWED_HOSTS adds names`)
  })
  app.addHook('onRequest', async (request, reply) => {
    const { origin, host } = request.headers
    // Its signature is what no other site can have.
    if (request.routeOptions.url === ACK_PATH) return
    if (request.method === 'GET' || request.method === 'HEAD' || isOriginAllowed(origin, host)) return
    await refuse(reply, 'origin-not-allowed', 'only a page of this monitor may change something')
  })
  await app.register(helmet, {
    contentSecurityPolicy: POLICY,
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
  await app.register(rateLimit, {
    max: MAX_REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    errorResponseBuilder: () => new Refusal('too-many-requests', 'more requests than a page needs; wait a minute'),
  })
  answerErrors(app, options.onFault)
  routes(app, answers)
  await links(app, answers)
  await page(app, options.pageDir)
  return app
}

function answerErrors(app: FastifyInstance, onFault: (error: unknown) => void): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof Refusal) return refuse(reply, error.code, error.message)
    const status = error.statusCode ?? 500
    if (status === 429) return refuse(reply, 'too-many-requests', error.message)
    if (status >= 400 && status < 500) return refuse(reply, status === 404 ? 'not-found' : 'bad-request', error.message)
    onFault(error)
    return refuse(reply, 'internal', 'a fault of the monitor; its log has the cause')
  })
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 'not-found', `there is nothing at ${request.url.slice(0, 200)}`),
  )
}

function routes(app: FastifyInstance, answers: Answers): void {
  type Named = { Params: { name: string }; Querystring: Query }
  type Queried = { Querystring: Query }
  // Health checks and scrapes come from one address, at their own pace.
  const unlimited = { config: { rateLimit: false } }
  app.get('/health', unlimited, (_request, reply) => {
    const answer = answers.health()
    return reply.code(answer.status === 'stalled' ? 503 : 200).send(answer)
  })
  app.get('/metrics', unlimited, async (_request, reply) =>
    reply.type(answers.metrics.contentType).send(await answers.metrics.text()),
  )
  app.get<Queried>('/api/containers', ({ query }) => answers.containers(query))
  app.get<Named>('/api/containers/:name', ({ params }) => answers.container(params.name))
  app.get<Named>('/api/containers/:name/history', ({ params, query }) => answers.history(params.name, query))
  app.get<Named>('/api/containers/:name/logs', ({ params, query }) => answers.logs(params.name, query))
  app.get<Queried>('/api/alerts', ({ query }) => answers.alerts(query))
  app.get<{ Params: { id: string } }>('/api/alerts/:id', ({ params }) => answers.alert(params.id))
  app.get<Queried>('/api/events', ({ query }) => answers.events(query))
  app.get('/api/status', () => answers.status())
  app.get('/api/host', () => answers.host())
  app.get<Queried>('/api/backtest', ({ query }) => answers.backtest.inForce(query))
  app.post('/api/backtest', ({ body }) => answers.backtest.asked(body))
  says(app, answers.speech)
}

function says(app: FastifyInstance, speech: Answers['speech']): void {
  type Of = { Params: { id: string } }
  app.get('/api/silences', () => speech.silences())
  app.post('/api/silences', ({ body }, reply) => reply.code(201).send(speech.silence(body)))
  app.delete<Of>('/api/silences/:id', ({ params }) => speech.unsilence(params.id))
  app.post<Of>('/api/alerts/:id/acknowledge', ({ params, body }) => speech.acknowledge(params.id, body))
}

async function links(app: FastifyInstance, answers: Answers): Promise<void> {
  type Of = { Params: { id: string }; Querystring: Query }
  const send = (reply: FastifyReply, { status, html }: AckPage) =>
    reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
  await app.register(async (scope) => {
    // What a form sends; all that counts stands in the address.
    const form = 'application/x-www-form-urlencoded'
    scope.addContentTypeParser(form, { parseAs: 'string' }, (_request, _body, done) => done(null, null))
    scope.get<Of>(ACK_PATH, ({ params, query }, reply) => send(reply, answers.links.show(params.id, query)))
    scope.post<Of>(ACK_PATH, ({ params, query }, reply) => send(reply, answers.links.act(params.id, query)))
  })
}

const UNBUILT = `<!doctype html><html lang="en"><title>Plimsoll</title><h1>The page is not built yet</h1>
<p>Run <code>npm run build</code> and reload. The monitor works meanwhile: <a href="/api/containers">/api/containers</a>,
<a href="/api/alerts">/api/alerts</a>, <a href="/api/status">/api/status</a>.</p></html>`

async function page(app: FastifyInstance, dir: string): Promise<void> {
  if (!existsSync(`${dir}/index.html`)) {
    app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(UNBUILT))
    return
  }
  // Built files carry a hash in their names; the page itself is asked for anew each time.
  await app.register(serveFiles, {
    root: dir,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const forever = path.includes('/assets/')
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
