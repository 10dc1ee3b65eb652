/**
 * A server that speaks Amazon SES's real protocol (query API, XML answers) to the real AWS client, and misbehaves by
 * script. It keeps what it accepted, as SES would: an answer that gets lost was an accepted mail.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decode } from '@plimsoll/contracts/alert-log'

export type Behaviour =
  | 'accept'
  /** Accepted, but the connection breaks before the answer. */
  | 'accept-and-lose-answer'
  /** Accepted, but no answer ever comes. */
  | 'accept-and-hang'
  | 'throttle'
  | 'daily-quota'
  | 'error-500'
  | 'reset'
  | 'hang'
  | 'bad-credentials'
  | 'reject'

export interface SesRequest {
  readonly source: string
  readonly destinations: readonly string[]
  readonly raw: string
}

export interface AcceptedMail extends SesRequest {
  readonly at: number
  /** The delivery keys of its X-Plimsoll-Alert header. */
  readonly keys: readonly string[]
  readonly answerLost: boolean
}

export interface FakeSes {
  readonly url: string
  readonly accepted: readonly AcceptedMail[]
  readonly requests: number
  /** How often each behaviour was shown. */
  readonly shown: ReadonlyMap<Behaviour, number>
  /** Answers `GET path` with what `answer` gives, as JSON. */
  serve: (path: string, answer: () => Promise<unknown>) => void
  behave: (script: (request: SesRequest, n: number) => Behaviour) => void
  close: () => Promise<void>
}

const errors = {
  throttle: [400, 'Throttling', 'Maximum sending rate exceeded.'],
  'daily-quota': [400, 'Throttling', 'Daily message quota exceeded.'],
  'error-500': [500, 'InternalFailure', 'An internal failure occurred.'],
  'bad-credentials': [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'],
  reject: [400, 'MessageRejected', 'Email address is not verified.'],
} as const satisfies Partial<Record<Behaviour, readonly [number, string, string]>>

/** The delivery keys of a raw mail: those in its header, and of a long one those of the lines in its attached alerts.log. */
export function keysOf(raw: string): readonly string[] {
  const headers = (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ')
  const value = /^X-Plimsoll-Alert: (.*)$/im.exec(headers)?.[1] ?? ''
  const keys = value.split(', ').filter((key) => key !== '')
  const attached = /filename=alerts\.log\r\n(?:.+\r\n)*\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw)?.[1]
  if (attached === undefined) return keys
  const lines = Buffer.from(attached, 'base64').toString('utf8').split('\n')
  const listed = lines.flatMap((line) => {
    const decoded = decode(line)
    return decoded.ok ? [`${decoded.event.id}.${decoded.event.state}.0`] : []
  })
  return [...new Set([...keys, ...listed])]
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function requestOf(form: URLSearchParams): SesRequest {
  const destinations = [...form].filter(([key]) => key.startsWith('Destinations.member.')).map(([, value]) => value)
  const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64').toString('utf8')
  return { source: form.get('Source') ?? '', destinations, raw }
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  const xml = `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
}

function succeed(response: ServerResponse, n: number): void {
  const xml = `<SendRawEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendRawEmailResult><MessageId>fake-${n}</MessageId></SendRawEmailResult><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></SendRawEmailResponse>`
  response.writeHead(200, { 'content-type': 'text/xml' }).end(xml)
}

/** What SES refuses whatever the script says; null when it would take the mail. */
function refusal(
  headers: IncomingMessage['headers'],
  form: URLSearchParams,
  request: SesRequest,
): [number, string, string] | null {
  if (!/^AWS4-HMAC-SHA256 Credential=/.test(headers.authorization ?? ''))
    return [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token']
  if (form.get('Action') !== 'SendRawEmail')
    return [400, 'InvalidAction', `Could not find operation ${form.get('Action')}`]
  if (request.destinations.length === 0 || request.destinations.length > 50)
    return [400, 'InvalidParameterValue', 'Recipient count exceeds 50.']
  return null
}

/** Starts on a free port of 127.0.0.1, unless told otherwise. */
export async function startFakeSes(
  where: { host: string; port: number } = { host: '127.0.0.1', port: 0 },
): Promise<FakeSes> {
  const accepted: AcceptedMail[] = []
  const shown = new Map<Behaviour, number>()
  let requests = 0
  let script: (request: SesRequest, n: number) => Behaviour = () => 'accept'

  const pages = new Map<string, () => Promise<unknown>>()

  const server = createServer(async (incoming, response) => {
    if (incoming.method === 'GET') {
      const page = pages.get(incoming.url ?? '')
      if (page === undefined) return void response.writeHead(404).end()
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await page()))
    }
    const form = await bodyOf(incoming).catch(() => null)
    if (form === null) return
    const request = requestOf(form)
    const refused = refusal(incoming.headers, form, request)
    if (refused !== null) return fail(response, ...refused)
    requests++
    const behaviour = script(request, requests)
    shown.set(behaviour, (shown.get(behaviour) ?? 0) + 1)
    const keep = (answerLost: boolean) =>
      accepted.push({ ...request, at: Date.now(), keys: keysOf(request.raw), answerLost })
    switch (behaviour) {
      case 'accept':
        // Whether the client is still there to hear the answer is not known to SES either.
        keep(false)
        return succeed(response, requests)
      case 'accept-and-lose-answer':
        keep(true)
        incoming.socket.destroy()
        return
      case 'accept-and-hang':
        keep(true)
        return
      case 'reset':
        incoming.socket.resetAndDestroy()
        return
      case 'hang':
        return
      case 'throttle':
      case 'daily-quota':
      case 'error-500':
      case 'bad-credentials':
      case 'reject': {
        const [status, code, message] = errors[behaviour]
        return fail(response, status, code, message)
      }
    }
  })
  await new Promise<void>((resolve) => server.listen(where.port, where.host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    accepted,
    get requests() {
      return requests
    },
    shown,
    serve: (path, answer) => void pages.set(path, answer),
    behave: (next) => {
      script = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
