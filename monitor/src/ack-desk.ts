/** Acknowledge links of mails: GET shows what a link would do, POST does it, as mail scanners follow every link. */
import { checkLink } from '@plimsoll/runtime/signed-link'
import { type AckPage, type AckState, ackPage } from './core/ack-page.ts'
import { alertsOf } from './core/alert-book.ts'
import type { Query } from './core/query.ts'
import { type Listener, speechTo } from './silence-desk.ts'

export interface Links {
  readonly show: (id: string, query: Query) => AckPage
  readonly act: (id: string, query: Query) => AckPage
}

export interface LinkParts {
  readonly bridge: Listener
  /** `null` where there is none: then no link is valid. */
  readonly linkKey: Uint8Array | null
  readonly now: () => number
}

function stateOf({ bridge, linkKey, now }: LinkParts, id: string, { until, sig }: Query): AckState {
  const verdict = linkKey === null ? 'wrong' : checkLink(linkKey, id, { until, sig }, now())
  if (verdict !== 'good') return { kind: verdict }
  const alert = alertsOf(bridge.book).find((one) => one.id === id)
  if (alert === undefined) return { kind: 'unknown' }
  if (alert.resolvedAt !== null) return { kind: 'over', alert }
  return { kind: alert.handled?.state === 'acknowledged' ? 'before' : 'asked', alert }
}

/** What answers to links. An alert is acknowledged as over `POST /api/alerts/:id/acknowledge`, by "mail link". */
export function linksTo(parts: LinkParts): Links {
  const speech = speechTo(parts.bridge, parts.now)
  return {
    show: (id, query) => ackPage(stateOf(parts, id, query)),
    act: (id, query) => {
      const state = stateOf(parts, id, query)
      if (state.kind !== 'asked') return ackPage(state)
      return ackPage({ kind: 'done', alert: speech.acknowledge(id, { reason: 'mail link' }) })
    },
  }
}
