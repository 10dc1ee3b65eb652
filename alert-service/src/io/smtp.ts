/** Mail by SMTP, by nodemailer. One connection a message: alerts are rare, and an idle connection is one more thing to break. */
import { createTransport } from 'nodemailer'
import type { SendResult } from '../core/channel.ts'
import { type Fault, smtpFailure } from '../core/classify.ts'
import type { MailServer } from '../core/mail.ts'

export interface SmtpOptions {
  readonly host: string
  readonly port: number
  readonly user: string | null
  readonly password: string | null
  readonly timeoutMs: number
}

function faultOf(cause: unknown): Fault {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return { name: code, message: error.message, status, retryAfterMs: null }
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')),
      {
        once: true,
      },
    )
  })

/** Port 465 speaks TLS from the first byte; on others STARTTLS is used where the server offers it. */
export function createSmtp({ host, port, user, password, timeoutMs }: SmtpOptions): MailServer {
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  })
  return {
    async send({ from, to, raw }, signal): Promise<SendResult> {
      try {
        const sending = transport.sendMail({ envelope: { from, to: [...to] }, raw: Buffer.from(raw) })
        const { response } = await Promise.race([sending, aborted(signal)])
        return { ok: true, answer: response }
      } catch (cause) {
        return smtpFailure(faultOf(cause))
      }
    },
    close: () => transport.close(),
  }
}
