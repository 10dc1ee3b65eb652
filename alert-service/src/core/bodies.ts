/** What each chat and each receiver wants to be sent: the bodies of its requests, with nothing in them that could ping or break out. */
import { isoTime } from '@plimsoll/contracts/time'
import type { Message } from './message.ts'
import { isOver, placeOf, type Story, spanText } from './story.ts'
import { clock, linkOf, type MessageContext, oneLine, short, word } from './wording.ts'

/** A chat message shows this many alerts; the mail and the page have all. */
const LISTED = 10

interface Shown {
  readonly stories: readonly Story[]
  /** `and 12 more`, or null. */
  readonly more: string | null
  readonly url: string
}

function shown({ stories, counted }: Message, context: MessageContext): Shown {
  const hidden = Math.max(0, stories.length - LISTED) + counted
  const [first] = stories
  const url = stories.length === 1 && first !== undefined ? linkOf(first, context) : `${context.publicUrl}/#/alerts`
  return { stories: stories.slice(0, LISTED), more: hidden > 0 ? `… and ${hidden} more` : null, url }
}

const lineOf = (story: Story) => `${word(story)} ${placeOf(story)}: ${short(story.summary, 300)}`
const detailOf = (story: Story) => `${spanText(story, clock)}${story.late ? ' · delivered late' : ''} · ${story.rule}`
const keyText = (message: Message) => short(message.keys.join(', '), 400)

/** Slack's own escapes: everything else is text, so `<!channel>` in a name pings nobody. */
const slackText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Slack incoming webhook. */
export function slackBody(message: Message, context: MessageContext): unknown {
  const { stories, more, url } = shown(message, context)
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text: short(text, 2900) } })
  return {
    text: slackText(message.subject),
    unfurl_links: false,
    blocks: [
      ...stories.map((story) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: `*${slackText(lineOf(story))}*\n${slackText(detailOf(story))}` },
      })),
      ...(more === null ? [] : [section(more)]),
      section(`<${url}|Show on the dashboard>`),
      { type: 'context', elements: [{ type: 'plain_text', text: keyText(message) }] },
    ],
  }
}

/** Microsoft Teams Workflows: an Adaptive Card 1.2. */
export function teamsBody(message: Message, context: MessageContext): unknown {
  const { stories, more, url } = shown(message, context)
  // Teams reads Markdown in a TextBlock.
  const plain = (text: string) => text.replaceAll(/[[\]*_#`~\\]/g, '\\$&')
  const block = (text: string, over: object = {}) => ({ type: 'TextBlock', text, wrap: true, ...over })
  const colour = (story: Story) => (isOver(story) ? 'Good' : story.severity === 'critical' ? 'Attention' : 'Warning')
  const body = [
    ...stories.flatMap((story) => [
      block(plain(lineOf(story)), { weight: 'Bolder', color: colour(story) }),
      block(plain(detailOf(story)), { isSubtle: true, spacing: 'None' }),
    ]),
    ...(more === null ? [] : [block(more)]),
    block(plain(keyText(message)), { isSubtle: true, size: 'Small' }),
  ]
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body,
    actions: [{ type: 'Action.OpenUrl', title: 'Show on the dashboard', url }],
    msteams: { width: 'full' },
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

/** Discord webhook: at most 10 embeds, and no name may ping anyone. */
export function discordBody(message: Message, context: MessageContext): unknown {
  const { stories, more, url } = shown(message, context)
  const colour = (story: Story) => (isOver(story) ? 0x1a7f37 : story.severity === 'critical' ? 0xcf222e : 0xbf8700)
  return {
    content: more === null ? message.subject : `${message.subject} (${more})`,
    username: 'Plimsoll',
    embeds: stories.map((story) => ({
      title: short(lineOf(story), 250),
      description: detailOf(story),
      url,
      color: colour(story),
      footer: { text: short(message.keys.find((key) => key.startsWith(story.id)) ?? story.id, 200) },
    })),
    allowed_mentions: { parse: [] },
  }
}

/** ntfy: a notification on a phone; more than 4096 bytes would become an attachment. */
export function ntfyBody(message: Message, context: MessageContext, topic: string): unknown {
  const { stories, more, url } = shown(message, context)
  const well = stories.every(isOver)
  const critical = stories.some((story) => story.severity === 'critical' && !isOver(story))
  const rows = [...stories.map((story) => `${lineOf(story)}\n${detailOf(story)}`), ...(more === null ? [] : [more])]
  return {
    topic,
    title: message.subject,
    // 1200 characters stay below 4096 bytes in every script.
    message: rows.join('\n\n').slice(0, 1200).toWellFormed(),
    tags: [well ? 'white_check_mark' : critical ? 'rotating_light' : 'warning', keyText(message).slice(0, 60)],
    priority: well ? 2 : critical ? 5 : 3,
    click: url,
  }
}

/** The labels by which an Alertmanager knows the alert again. */
function labelsOf(story: Story): Readonly<Record<string, string>> {
  return {
    alertname: story.rule,
    severity: story.severity,
    host: story.host,
    ...(story.container === null ? {} : { container: story.container }),
    alert_id: story.id,
  }
}

function annotationsOf(story: Story, message: Message): Readonly<Record<string, string>> {
  return {
    summary: oneLine(story.summary),
    ...(story.value === null ? {} : { value: String(story.value) }),
    ...(story.threshold === null ? {} : { threshold: String(story.threshold) }),
    plimsoll_key: message.keys.filter((key) => key.startsWith(story.id)).join(' '),
  }
}

/** Year 1: how Alertmanager writes that an alert has no end yet. */
const NO_TIME = '0001-01-01T00:00:00Z'

/** The generic webhook speaks Alertmanager's webhook body, version 4, so that its receivers understand it. */
export function webhookBody(message: Message, context: MessageContext): unknown {
  const { stories } = message
  const alerts = stories.map((story) => ({
    status: isOver(story) ? 'resolved' : 'firing',
    labels: labelsOf(story),
    annotations: annotationsOf(story, message),
    startsAt: isoTime(story.firedAt ?? story.resolvedAt ?? context.now),
    endsAt: story.resolvedAt === null ? NO_TIME : isoTime(story.resolvedAt),
    generatorURL: linkOf(story, context),
    fingerprint: story.id,
  }))
  const [first] = stories
  return {
    version: '4',
    groupKey: `plimsoll:${message.keys[0] ?? ''}`,
    truncatedAlerts: message.counted,
    status: stories.every(isOver) ? 'resolved' : 'firing',
    receiver: 'plimsoll',
    groupLabels: stories.length === 1 && first !== undefined ? { alertname: first.rule } : {},
    commonLabels: stories.length === 1 && first !== undefined ? labelsOf(first) : {},
    commonAnnotations: {},
    externalURL: context.publicUrl,
    alerts,
  }
}

/** `POST /api/v2/alerts`: what fires is valid for `validMs` and sent again meanwhile; what is over ends when it ended. */
export function alertmanagerBody(message: Message, context: MessageContext, validMs: number): unknown {
  return message.stories.map((story) => ({
    labels: labelsOf(story),
    annotations: annotationsOf(story, message),
    startsAt: isoTime(story.firedAt ?? story.resolvedAt ?? context.now),
    endsAt: isoTime(story.resolvedAt ?? context.now + validMs),
    generatorURL: linkOf(story, context),
  }))
}
