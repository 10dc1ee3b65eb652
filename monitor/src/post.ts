/** How the alerts' delivery stands, asked of the alert service where one is set. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Bridge } from './bridge.ts'
import { type Delivery, followDelivery } from './io/delivery.ts'

const ASK = { intervalMs: 5_000, timeoutMs: 3_000 } as const

/** Without an alert service nobody reads the rotated alert logs: their age alone decides. */
const NOBODY: Pick<Delivery, 'isRead' | 'stop'> = { isRead: () => true, stop: async () => {} }

export function followDeliveryAt(url: string | null, bridge: Bridge, now: () => EpochMs): typeof NOBODY {
  if (url === null) return NOBODY
  return followDelivery({ url, ...ASK, now, changed: (view) => bridge.setDelivery(view) })
}
