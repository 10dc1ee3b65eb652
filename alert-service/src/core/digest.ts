/** The daily or weekly digest: what failed and recovered, how each container did, what was held back, what grows. */
import { durationText, latencyText, memoryText, percentText } from '@plimsoll/contracts/text'
import { type EpochMs, isoDay, isoTime } from '@plimsoll/contracts/time'
import { type Html, html, pageOf, tableOf } from './html.ts'
import type { LedgerLine } from './ledger.ts'
import type { AlertMemory } from './memory.ts'
import { clock, type MessageContext, oneLine, short } from './wording.ts'

export type DigestKind = 'daily' | 'weekly'

const DAY_MS = 24 * 60 * 60 * 1000
const HOUR_MS = 60 * 60 * 1000
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS

/** The end of the newest period that is complete at `now`: today's or yesterday's `hour` UTC; weekly, a Monday's. */
export function periodEnd(kind: DigestKind, hour: number, now: EpochMs): EpochMs {
  const [every, first] = kind === 'daily' ? [DAY_MS, 0] : [7 * DAY_MS, FIRST_MONDAY_MS]
  const origin = first + hour * HOUR_MS
  return origin + Math.floor((now - origin) / every) * every
}

export interface Digest {
  readonly kind: DigestKind
  readonly from: EpochMs
  readonly to: EpochMs
  readonly alerts: readonly AlertMemory[]
  readonly containers: readonly LedgerLine[]
}

/** A mail that is no alert. */
export interface Report {
  /** What it is known by: the same when it is sent again. */
  readonly key: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachment: { readonly name: string; readonly content: string }
}

const GROWERS = 5

export function digestPeriodMs(kind: DigestKind): number {
  return kind === 'daily' ? DAY_MS : 7 * DAY_MS
}

function alertRows({ alerts, to }: Digest): readonly (readonly string[])[] {
  return alerts
    .filter(({ handling }) => handling.firing === 'told')
    .flatMap(({ firing, endedAt, container, host, rule }) => {
      if (firing === null) return []
      const lasted = durationText((endedAt ?? to) - firing.time)
      const end = endedAt === null ? `still firing after ${lasted}` : `over after ${lasted}`
      return [[clock(firing.time), container ?? host, rule, short(firing.summary, 120), end]]
    })
}

function suppressedRows({ alerts }: Digest): readonly (readonly string[])[] {
  const counts = new Map<string, number>()
  for (const { handling, firing, container, host, rule } of alerts) {
    if (handling.firing !== 'suppressed') continue
    const why =
      firing?.suppressed === undefined ? 'over before it was told' : `held back: ${oneLine(firing.suppressed)}`
    const kind = JSON.stringify([container ?? host, rule, why])
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return [...counts].map(([kind, times]) => [...(JSON.parse(kind) as string[]), String(times)])
}

function containerRow(line: LedgerLine): readonly string[] {
  const { container, upPercent, p95Ms, cpuMeanPercent, memoryBytes } = line
  return [
    container,
    percentText(upPercent, 2),
    latencyText(p95Ms),
    percentText(cpuMeanPercent),
    memoryText(memoryBytes),
  ]
}

function growerRows({ containers }: Digest): readonly (readonly string[])[] {
  return containers
    .filter(({ memoryGrowthBytes }) => (memoryGrowthBytes ?? 0) > 0)
    .toSorted((a, b) => (b.memoryGrowthBytes ?? 0) - (a.memoryGrowthBytes ?? 0))
    .slice(0, GROWERS)
    .map((line) => [line.container, `+${memoryText(line.memoryGrowthBytes)}`, memoryText(line.memoryBytes)])
}

interface Part {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What stands there when there are no rows. */
  readonly none: string
}

function partsOf(digest: Digest): readonly Part[] {
  return [
    {
      title: 'What failed',
      head: ['since', 'where', 'rule', 'what', 'end'],
      rows: alertRows(digest),
      none: 'Nothing.',
    },
    {
      title: 'Containers',
      head: ['container', 'up', 'p95 response', 'mean CPU', 'memory'],
      rows: digest.containers.map(containerRow),
      none: 'No measurements: the metrics files of these days are missing.',
    },
    { title: 'Memory that grew', head: ['container', 'growth', 'now'], rows: growerRows(digest), none: 'None.' },
    {
      title: 'Not told, with the reason',
      head: ['where', 'rule', 'why', 'times'],
      rows: suppressedRows(digest),
      none: 'Nothing.',
    },
  ]
}

function textOf({ title, head, rows, none }: Part): string {
  if (rows.length === 0) return `${title}\n  ${none}`
  return `${title} (${head.join(' | ')})\n${rows.map((row) => `  ${row.map(oneLine).join(' | ')}`).join('\n')}`
}

/** A cell that no spreadsheet takes for a formula. */
function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function csvOf({ from, to, containers, alerts }: Digest): string {
  const head = 'from,to,container,up_percent,p95_ms,cpu_mean_percent,memory_bytes,memory_growth_bytes,alerts'
  const rows = containers.map((line) => {
    const { container, upPercent, p95Ms, cpuMeanPercent, memoryBytes, memoryGrowthBytes } = line
    const told = alerts.filter((alert) => alert.container === container && alert.handling.firing === 'told').length
    const numbers = [upPercent, p95Ms, cpuMeanPercent, memoryBytes, memoryGrowthBytes, told]
    return [isoTime(from), isoTime(to), container, ...numbers].map(csvCell).join(',')
  })
  return `${[head, ...rows].join('\r\n')}\r\n`
}

/** The digest as a mail. */
export function reportOf(digest: Digest, context: MessageContext): Report {
  const parts = partsOf(digest)
  const failed = parts[0]?.rows.length ?? 0
  const open = digest.alerts.filter((a) => a.handling.firing === 'told' && a.endedAt === null).length
  const count = failed === 0 ? 'nothing failed' : `${failed} alert${failed === 1 ? '' : 's'}, ${open} still firing`
  const subject = short(`Plimsoll ${digest.kind} ${isoDay(digest.to)}: ${count}`, 60)
  const span = `From ${clock(digest.from)} to ${clock(digest.to)}.`
  const sections: readonly Html[] = parts.map(
    ({ title, head, rows, none }) =>
      html`<h2>${title}</h2>${rows.length === 0 ? html`<p>${none}</p>` : tableOf(head, rows)}`,
  )
  return {
    key: `digest.${digest.kind}.${isoDay(digest.to)}`,
    subject,
    text: [span, ...parts.map(textOf), `Sent by Plimsoll. Dashboard: ${context.publicUrl}`].join('\n\n'),
    html: pageOf(subject, html`<p>${span}</p>${sections}`, context),
    attachment: { name: `plimsoll-${digest.kind}-${isoDay(digest.to)}.csv`, content: csvOf(digest) },
  }
}
