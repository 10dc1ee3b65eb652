/** The headers of a mail: what makes it thread, and what makes a repeat recognizable. */
import type { SendResult } from './channel.ts'
import type { Message } from './message.ts'

/** A mail ready for a server: its envelope, and its bytes. */
export interface RawMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Uint8Array
  /** The same for the same message, however often it is sent: a file is named by it. */
  readonly name: string
}

/** SES, SMTP or the file outbox. `send` never throws. */
export interface MailServer {
  readonly send: (mail: RawMail, signal: AbortSignal) => Promise<SendResult>
  readonly close: () => void
}

/** Carries the delivery keys: the same ones when a kill or a lost answer made a repeat unavoidable. */
export const KEY_HEADER = 'X-Plimsoll-Alert'

/** A header of more would not pass every mail server; the attached log then names all. */
const HEADER_KEYS = 100

/** No out-of-office answers to a machine (RFC 3834, and what Exchange reads). */
const FROM_A_MACHINE = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' } as const

/** The headers of a mail that is no alert. */
export function reportHeaders(key: string): Readonly<Record<string, string>> {
  return { [KEY_HEADER]: key, ...FROM_A_MACHINE }
}

/**
 * The headers of a message. Servers replace Message-ID (Amazon SES always), so a thread hangs on a root that is never
 * sent: every mail of an alert refers to it, and clients put them together.
 */
export function headersOf(message: Message): Readonly<Record<string, string>> {
  const root = message.threadId === null ? null : `<${message.threadId}@plimsoll>`
  return {
    [KEY_HEADER]: message.keys.slice(0, HEADER_KEYS).join(', '),
    ...FROM_A_MACHINE,
    ...(root === null ? {} : { References: root, ...(message.follows ? { 'In-Reply-To': root } : {}) }),
  }
}
