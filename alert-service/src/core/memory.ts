/** What the service remembers of an alert, and the names it gives to things that must match. */
import type { AlertEvent, AlertState, Severity } from '@plimsoll/contracts/alert'
import type { EpochMs } from '@plimsoll/contracts/time'

/** What became of a line: told in a message, held for one, or kept from delivery for a recorded reason. */
export type Handling = 'told' | 'held' | 'suppressed'

/** Why a line waits for a message. */
export type HoldReason = 'buffer' | 'cooldown' | 'late' | 'with-its-firing'

export interface AlertMemory {
  readonly id: string
  readonly host: string
  readonly container: string | null
  readonly rule: string
  readonly severity: Severity
  /** What its firing line said; a repeat says it again. */
  readonly firing: AlertEvent | null
  /** When its `resolved` line says it ended; null before. */
  readonly endedAt: EpochMs | null
  readonly handling: { readonly [S in AlertState]?: Handling }
  /** Why its firing is held, while it is. */
  readonly held: { readonly because: HoldReason; readonly dueAt: EpochMs } | null
  /** How often it was told again while firing. */
  readonly repeat: number
  /** When it was last told; `null` before. */
  readonly toldAt: EpochMs | null
}

/** One thing to tell: a line of the log, or a repeat of one. */
export interface Entry {
  readonly event: AlertEvent
  /** 0 for the line itself. */
  readonly repeat: number
  readonly why: string
}

/** What a delivery is known by everywhere: `01KAH….firing.0`. */
export function keyOf(entry: { readonly event: AlertEvent; readonly repeat: number }): string {
  return `${entry.event.id}.${entry.event.state}.${entry.repeat}`
}

/** Within an origin, order holds: a container of a host, or what a host says of itself. */
export function originOf(event: Pick<AlertEvent, 'host' | 'container'>): string {
  return `${event.host} ${event.container ?? ''}`
}

/** Alerts of one kind at one place are alike: `ALERT_COOLDOWN` lies between two of them. */
export function alikeKey(event: Pick<AlertEvent, 'host' | 'container' | 'rule'>): string {
  return `${originOf(event)} ${event.rule}`
}

/** An alert of which nothing is known but the line in hand. */
export function newMemory(event: AlertEvent): AlertMemory {
  const { id, host, container, rule, severity } = event
  return {
    id,
    host,
    container,
    rule,
    severity,
    firing: null,
    endedAt: null,
    handling: {},
    held: null,
    repeat: 0,
    toldAt: null,
  }
}

/** The memory once `entry` has gone into a message. */
export function told(memory: AlertMemory, entry: Entry, now: EpochMs): AlertMemory {
  const { state } = entry.event
  return {
    ...memory,
    handling: { ...memory.handling, [state]: 'told' },
    held: state === 'firing' ? null : memory.held,
    repeat: Math.max(memory.repeat, entry.repeat),
    toldAt: now,
  }
}

/** Whether people were told that it fires, and its end is not known. */
export function isOpen({ handling }: AlertMemory): boolean {
  return handling.firing === 'told' && handling.resolved === undefined
}

/** Whether people were told that it fires, and not yet that it stopped, and nobody has taken it on. */
export function wantsRepeat(memory: AlertMemory): boolean {
  const { acknowledged, silenced } = memory.handling
  return isOpen(memory) && acknowledged === undefined && silenced === undefined
}
