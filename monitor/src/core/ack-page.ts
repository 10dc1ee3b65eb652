/** The page behind an acknowledge link: plain HTML without style or script, readable anywhere. Every value is escaped. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { isoTime } from '@plimsoll/contracts/time'

/** What a link leads to. */
export type AckState =
  /** It fires, and nobody has acknowledged it. */
  | { readonly kind: 'asked'; readonly alert: AlertView }
  /** It has been acknowledged by this very request. */
  | { readonly kind: 'done'; readonly alert: AlertView }
  /** It had been acknowledged before. */
  | { readonly kind: 'before'; readonly alert: AlertView }
  | { readonly kind: 'over'; readonly alert: AlertView }
  /** Nothing is told of the alert to who holds no good link. */
  | { readonly kind: 'unknown' | 'expired' | 'wrong' }

export interface AckPage {
  readonly status: 200 | 403 | 404 | 410
  readonly html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => entities[c] ?? c)
}

function pageOf(status: AckPage['status'], title: string, body: string): AckPage {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title} – Plimsoll</title></head><body><main>
<h1>${title}</h1>
${body}
</main></body></html>`
  return { status, html }
}

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`
}

/** What the alert is, and where the dashboard shows it; relative, as the page may be served below a path. */
function about(alert: AlertView): string {
  const place = alert.container ?? `host ${alert.host}`
  const since = `since ${isoTime(alert.firedAt)}, rule ${alert.rule} on host ${alert.host}`
  const link = `<p><a href="../#/alerts/${encodeURIComponent(alert.id)}">Show on the dashboard</a></p>`
  return `<p><strong>${escaped(`${alert.severity}: ${place}: ${alert.summary}`)}</strong></p>${paragraph(since)}${link}`
}

/** A form without an action posts to the address of its own page, which has the signature. */
const form = '<form method="post"><button type="submit">Acknowledge</button></form>'

/** The page that tells of `state`. */
export function ackPage(state: AckState): AckPage {
  switch (state.kind) {
    case 'asked': {
      const why = 'Acknowledging says that somebody looks after it: it is not told again while it fires on.'
      return pageOf(200, 'Acknowledge this alert?', `${about(state.alert)}${paragraph(why)}${form}`)
    }
    case 'done':
      return pageOf(200, 'Acknowledged', `${about(state.alert)}${paragraph('It is not told again while it fires on.')}`)
    case 'before': {
      const { handled } = state.alert
      const when = handled === undefined ? '' : `${handled.why}, at ${isoTime(handled.at)}`
      return pageOf(200, 'Already acknowledged', `${about(state.alert)}${paragraph(when)}`)
    }
    case 'over': {
      const { resolvedSummary } = state.alert
      const end = resolvedSummary === null ? 'Nothing is left to acknowledge.' : `How it ended: ${resolvedSummary}`
      return pageOf(200, 'This alert is over', `${about(state.alert)}${paragraph(end)}`)
    }
    case 'unknown':
      return pageOf(404, 'Alert not known', paragraph('It ended a while ago, or the monitor has forgotten it.'))
    case 'expired':
      return pageOf(410, 'This link has expired', paragraph('Links are valid for 7 days. The dashboard still can.'))
    case 'wrong':
      return pageOf(403, 'This link is not valid', paragraph('Was it copied whole? The dashboard can acknowledge too.'))
  }
}
