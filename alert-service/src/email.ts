/** E-mail as a channel: the message, its headers and its bytes, handed to whichever server is set up. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { OUTBOX_DIR } from '@plimsoll/contracts/files'
import { type Channel, copiesOf, type Parcel } from './core/channel.ts'
import type { Report } from './core/digest.ts'
import { headersOf, type MailServer, reportHeaders } from './core/mail.ts'
import { type Message, messageOf } from './core/message.ts'
import type { MessageContext } from './core/wording.ts'
import { type Mail, type MailAttachment, rawMail } from './io/mime.ts'
import { createOutbox } from './io/outbox.ts'
import { createSes } from './io/ses.ts'
import { createSmtp } from './io/smtp.ts'
import type { AlertSettings } from './settings.ts'
import { shownFor } from './witness.ts'

/** SES: at most 50 over To, Cc and Bcc. */
const SES_RECIPIENTS = 50

export interface MailSetup {
  readonly name: 'ses' | 'smtp' | 'outbox'
  readonly doc: string
  readonly server: MailServer
  readonly from: string
  /** Where the metrics files are, for the chart in a mail. */
  readonly logs: string
  readonly copies: readonly (readonly string[])[]
  /** What a person should know at the start; null when there is nothing to say. */
  readonly note: string | null
}

const NOBODY = 'Plimsoll <plimsoll@localhost>'

function sesSetup(s: AlertSettings, region: string, from: string, to: readonly string[]): MailSetup {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = s
  const keys = accessKeyId === null || secretAccessKey === null ? null : { accessKeyId, secretAccessKey }
  const credentials = keys === null ? null : { ...keys, ...(token === null ? {} : { sessionToken: token }) }
  const server = createSes({ region, endpoint: s.AWS_ENDPOINT_URL_SES, credentials, timeoutMs: s.SEND_TIMEOUT })
  const doc = `e-mail by Amazon SES (${region}) to ${to.join(', ')}`
  return { name: 'ses', doc, server, from, logs: s.LOGS_DIR, copies: copiesOf(to, SES_RECIPIENTS), note: null }
}

function smtpSetup(s: AlertSettings, host: string, from: string, to: readonly string[]): MailSetup {
  const { SMTP_PORT: port, EMAIL_USER: user, EMAIL_PASSWORD: password, SEND_TIMEOUT: timeoutMs } = s
  const server = createSmtp({ host, port, user, password, timeoutMs })
  const doc = `e-mail by ${host}:${port} to ${to.join(', ')}`
  // One recipient a mail: what the server says then is about that one alone.
  return { name: 'smtp', doc, server, from, logs: s.LOGS_DIR, copies: copiesOf(to, 1), note: null }
}

/** Which of the settings that a mail server needs are missing, when some are there. */
function missing(s: AlertSettings): string | null {
  const wanted = { SENDER_EMAIL: s.SENDER_EMAIL, RECIPIENT_EMAILS: s.RECIPIENT_EMAILS }
  const absent = Object.entries(wanted).flatMap(([name, value]) => (value === null ? [name] : []))
  const server = s.AWS_REGION === null && s.SMTP_SERVER === null ? ['AWS_REGION or SMTP_SERVER'] : []
  const all = [...absent, ...server]
  return all.length === 3 ? null : all.join(', ')
}

function outboxSetup(s: AlertSettings): MailSetup {
  const folder = join(s.LOGS_DIR, OUTBOX_DIR)
  const lacking = missing(s)
  const why = lacking === null ? 'no mail server is set up' : `mail is only half set up (missing: ${lacking})`
  return {
    name: 'outbox',
    doc: `mail files in ${folder}`,
    server: createOutbox(folder),
    from: s.SENDER_EMAIL ?? NOBODY,
    logs: s.LOGS_DIR,
    copies: [s.RECIPIENT_EMAILS ?? [NOBODY]],
    note: `${why}: alert mails are written to ${folder} as .eml files. To send them, set SENDER_EMAIL, RECIPIENT_EMAILS and AWS_REGION or SMTP_SERVER`,
  }
}

/**
 * The way mail goes, by what is set: SMTP, else SES, else files. AWS_REGION alone is often set for other things, an SMTP
 * server never is; with both, one mail is enough.
 */
export function mailSetup(s: AlertSettings): MailSetup {
  const { AWS_REGION: region, SMTP_SERVER: host, SENDER_EMAIL: from, RECIPIENT_EMAILS: to } = s
  if (from === null || to === null) return outboxSetup(s)
  if (host !== null) return smtpSetup(s, host, from, to)
  return region === null ? outboxSetup(s) : sesSetup(s, region, from, to)
}

/** `20261121T111355Z-3f2a…`: files sort by time, and the same message has the same name. */
function fileName(keys: readonly string[], recipients: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([keys, recipients]))
    .digest('hex')
    .slice(0, 12)
  return `${keys[0] ?? 'message'}-${hash}`
}

function attachmentsOf({ log }: Message): readonly MailAttachment[] {
  if (log === null) return []
  return [{ filename: 'alerts.log', contentType: 'text/plain; charset=utf-8', content: Buffer.from(log), cid: null }]
}

type Written = Omit<Mail, 'from' | 'to'> & { readonly keys: readonly string[] }

async function alertMail(parcel: Parcel, context: MessageContext, logs: string): Promise<Written> {
  const { pictures, facts, attachments } = await shownFor(logs, parcel.entries, context.now)
  const message = messageOf(parcel, { ...context, pictures, facts })
  const { subject, text, html, keys } = message
  return {
    subject,
    text,
    html,
    keys,
    headers: headersOf(message),
    attachments: [...attachments, ...attachmentsOf(message)],
  }
}

function reportMail({ key, subject, text, html, attachment }: Report): Written {
  const { name: filename, content } = attachment
  const csv = { filename, contentType: 'text/csv; charset=utf-8', content: Buffer.from(content), cid: null }
  return { subject, text, html, keys: [key], headers: reportHeaders(key), attachments: [csv] }
}

/** The channel over a mail setup. */
export function emailChannel(setup: MailSetup, wants: Channel['wants'], context: () => MessageContext): Channel {
  return {
    name: setup.name,
    doc: setup.doc,
    copies: setup.copies,
    wants,
    async send(parcel, signal) {
      const to = parcel.recipients
      const mail =
        parcel.report === undefined ? await alertMail(parcel, context(), setup.logs) : reportMail(parcel.report)
      const raw = await rawMail({ from: setup.from, to, ...mail })
      return setup.server.send({ from: setup.from, to, raw, name: fileName(mail.keys, to) }, signal)
    },
  }
}
