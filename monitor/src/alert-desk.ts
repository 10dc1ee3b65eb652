/** Answers one alert, with the evidence of it. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { AlertAnswer } from '@plimsoll/contracts/http'
import { alertsOf, type Book } from './core/alert-book.ts'
import { isAlertId, timeOfId } from './core/evidence-retention.ts'
import { Refusal } from './io/web.ts'
import type { Past } from './past.ts'
import type { Witness } from './witness.ts'

/** The time in an id stands still while the clock is set back. */
const AROUND_MS = 60_000
/** Alerts of two minutes: more than any storm. */
const MAX_AROUND = 5_000

export interface AlertDesk {
  readonly bridge: { readonly book: Book }
  readonly past: Pick<Past, 'alerts'>
  readonly witness: Pick<Witness, 'evidence'>
}

/** What answers for one alert. It throws a `Refusal` where nobody knows it. */
export function alertFrom({ bridge, past, witness }: AlertDesk): (id: string) => Promise<AlertAnswer> {
  const stored = (id: string): AlertView | undefined => {
    const at = timeOfId(id)
    const page = { container: null, from: at - AROUND_MS, to: at + AROUND_MS, limit: MAX_AROUND }
    return past.alerts(page).find((alert) => alert.id === id)
  }
  return async (id) => {
    const alert = isAlertId(id) ? (alertsOf(bridge.book).find((one) => one.id === id) ?? stored(id)) : undefined
    if (alert === undefined) throw new Refusal('alert-not-found', 'no alert of this id is known')
    return { ...alert, evidence: await witness.evidence(id) }
  }
}
