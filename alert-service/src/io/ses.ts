/** Amazon SES by the AWS SDK. Our outbox tries again, so the SDK tries once: an answer that got lost must be counted. */
import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses'
import { type Fault, sesFailure } from '../core/classify.ts'
import type { MailServer } from '../core/mail.ts'

export interface SesOptions {
  readonly region: string
  /** `AWS_ENDPOINT_URL_SES`; null is Amazon's own. */
  readonly endpoint: string | null
  /** Null leaves it to the SDK's own chain: environment, profile, container and instance roles. */
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  } | null
  readonly timeoutMs: number
}

function faultOf(cause: unknown): Fault {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const meta = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : {}
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  return {
    name: code !== null && error.name === 'Error' ? code : error.name,
    message: error.message,
    status: meta.httpStatusCode ?? null,
    retryAfterMs: null,
  }
}

/** A client whose every request ends within `timeoutMs`, and is made once. */
export function createSes(options: SesOptions): MailServer {
  const { region, endpoint, credentials, timeoutMs } = options
  const client = new SESClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    ...(endpoint === null ? {} : { endpoint }),
    ...(credentials === null ? {} : { credentials }),
  })
  return {
    async send({ from, to, raw }, signal) {
      const command = new SendRawEmailCommand({ Source: from, Destinations: [...to], RawMessage: { Data: raw } })
      // The request handler's deadlines do not cover the search for credentials.
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * 2)])
      try {
        const { MessageId } = await client.send(command, { abortSignal: deadline })
        return { ok: true, answer: `SES message ${MessageId ?? '(no id)'}` }
      } catch (cause) {
        return sesFailure(faultOf(cause))
      }
    },
    close: () => client.destroy(),
  }
}
