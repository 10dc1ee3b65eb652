/** The channels that the settings turn on: mail in one of its ways, and any number of chats and receivers. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { acknowledgeLink } from '@plimsoll/runtime/signed-link'
import { alertmanagerBody, discordBody, ntfyBody, slackBody, teamsBody, webhookBody } from './core/bodies.ts'
import type { Channel } from './core/channel.ts'
import { type Message, messageOf } from './core/message.ts'
import { type CHANNEL_NAMES, EVERYTHING, routes } from './core/route.ts'
import type { MessageContext } from './core/wording.ts'
import { emailChannel, type MailSetup } from './email.ts'
import { type Post, post } from './io/post.ts'
import type { AlertSettings } from './settings.ts'

type ChannelName = (typeof CHANNEL_NAMES)[number]

/** Alertmanager forgets what is not sent again: four of our rounds, as Prometheus does it. */
export const RESEND_MS = 60_000
const VALID_MS = 4 * RESEND_MS

interface Chat {
  readonly name: Exclude<ChannelName, 'mail'>
  readonly title: string
  readonly setting: string
  /** Null: not set up. */
  readonly url: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly secret?: string | null
  readonly body: (message: Message, context: MessageContext) => unknown
}

const rootOf = (url: string | null) => (url === null ? null : new URL('/', url).href)
const topicOf = (url: string | null) => url?.slice(url.lastIndexOf('/') + 1) ?? ''

function chatsOf(s: AlertSettings): readonly Chat[] {
  const alertmanager = s.ALERTMANAGER_URL === null ? null : `${s.ALERTMANAGER_URL}/api/v2/alerts`
  const token: Readonly<Record<string, string>> =
    s.NTFY_TOKEN === null ? {} : { Authorization: `Bearer ${s.NTFY_TOKEN}` }
  return [
    { name: 'slack', title: 'Slack', setting: 'SLACK_WEBHOOK_URL', url: s.SLACK_WEBHOOK_URL, body: slackBody },
    {
      name: 'teams',
      title: 'Microsoft Teams',
      setting: 'TEAMS_WEBHOOK_URL',
      url: s.TEAMS_WEBHOOK_URL,
      body: teamsBody,
    },
    {
      name: 'discord',
      title: 'Discord',
      setting: 'DISCORD_WEBHOOK_URL',
      url: s.DISCORD_WEBHOOK_URL,
      body: discordBody,
    },
    {
      name: 'ntfy',
      title: 'ntfy',
      setting: 'NTFY_URL',
      url: rootOf(s.NTFY_URL),
      headers: token,
      body: (message, context) => ntfyBody(message, context, topicOf(s.NTFY_URL)),
    },
    {
      name: 'webhook',
      title: 'a webhook',
      setting: 'WEBHOOK_URL',
      url: s.WEBHOOK_URL,
      secret: s.WEBHOOK_SECRET,
      body: webhookBody,
    },
    {
      name: 'alertmanager',
      title: 'Alertmanager',
      setting: 'ALERTMANAGER_URL',
      url: alertmanager,
      body: (message, context) => alertmanagerBody(message, context, VALID_MS),
    },
  ]
}

/** The address of a webhook is a password: only its server is ever shown. */
function docOf({ title }: Chat, url: string): string {
  return `${title} at ${new URL(url).host}`
}

function chatChannel(
  chat: Chat,
  url: string,
  about: Pick<Channel, 'wants'> & { s: AlertSettings; now: () => EpochMs },
): Channel {
  const { s, now, wants } = about
  const { headers = {}, secret = null, setting } = chat
  return {
    name: chat.name,
    doc: docOf(chat, url),
    copies: [[]],
    wants,
    send(parcel, signal) {
      const context: MessageContext = { now: now(), publicUrl: s.PUBLIC_URL }
      const body = chat.body(messageOf(parcel, context), context)
      const request: Post = { url, body, headers, secret, setting, timeoutMs: s.SEND_TIMEOUT }
      return post(request, signal)
    },
  }
}

/** Only mails carry acknowledge links: in a chat everybody would hold them. */
function mailContext({ PUBLIC_URL: publicUrl }: AlertSettings, now: EpochMs, key: Uint8Array | null): MessageContext {
  if (key === null) return { now, publicUrl }
  return { now, publicUrl, acknowledgeLink: (id) => acknowledgeLink(key, publicUrl, id, now) }
}

/**
 * All channels that are set up, mail first. There is always a mail channel: without a server it writes files. `linkKey`
 * signs acknowledge links; without it mails have none.
 */
export function channelsOf(
  s: AlertSettings,
  mail: MailSetup,
  now: () => EpochMs,
  linkKey: Uint8Array | null,
): readonly Channel[] {
  const wantsFor = (name: ChannelName): Channel['wants'] => {
    const route = s.ROUTES?.get(name) ?? EVERYTHING
    return (event) => routes(route, event)
  }
  const email = emailChannel(mail, wantsFor('mail'), () => mailContext(s, now(), linkKey))
  const chats = chatsOf(s).flatMap((chat) =>
    chat.url === null ? [] : [chatChannel(chat, chat.url, { s, now, wants: wantsFor(chat.name) })],
  )
  return [email, ...chats]
}
