/** A message as a raw mail, by nodemailer's composer: encoding, folding and boundaries are its work. */
import MailComposer from 'nodemailer/lib/mail-composer'

export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: readonly MailAttachment[]
}

export interface MailAttachment {
  readonly filename: string
  readonly contentType: string
  readonly content: Uint8Array
  /** What the HTML refers to it by, for an image that is shown inside. */
  readonly cid: string | null
}

/** The bytes of a mail. Recipients all stand in `To`; the envelope is the transport's. */
export async function rawMail(mail: Mail): Promise<Uint8Array> {
  const composer = new MailComposer({
    from: mail.from,
    to: [...mail.to],
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: Object.entries(mail.headers).map(([key, value]) => ({ key, value })),
    attachments: mail.attachments.map(({ filename, contentType, content, cid }) => ({
      filename,
      contentType,
      content: Buffer.from(content),
      ...(cid === null ? {} : { cid, contentDisposition: 'inline' as const }),
    })),
    newline: '\r\n',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return await composer.compile().build()
}
