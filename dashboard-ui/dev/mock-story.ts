/** The invented fleet's life: its outages, alerts and events, all following from the time alone. */
import type { AlertView } from '@plimsoll/contracts/alert'
import type { ContainerView, FleetEvent, Span } from '@plimsoll/contracts/container'
import type { DeliveryView } from '@plimsoll/contracts/http'
import { AWAY, BURST, isAway, type Model, PERIOD, periodStart, valueAt } from './mock-fleet.ts'

const KILLED = 'killed (SIGKILL), exit code 137 (SIGKILL)'

/** The stretches of a lively container's life that touch a window, oldest first. */
export function spansOf(model: Model, from: number, now: number): Span[] {
  const born = now - (now % 1000) - model.ageMs
  if (model.state === 'exited')
    return [{ from: born, to: null, condition: 'down', why: 'stopped on purpose, exit code 0' }]
  if (model.state === 'paused') return [{ from: born, to: null, condition: 'paused', why: 'paused' }]
  if (!model.lively) return [{ from: born, to: null, condition: 'up', why: 'running' }]
  const spans: Span[] = []
  for (let start = periodStart(from) - PERIOD; start <= now; start += PERIOD) {
    spans.push({ from: start + AWAY.from, to: start + AWAY.to, condition: 'down', why: KILLED })
    spans.push({ from: start + AWAY.to, to: start + PERIOD + AWAY.from, condition: 'up', why: 'started' })
  }
  const begun = spans.filter((span) => span.from <= now)
  return begun.map((span) => (span.to !== null && span.to > now ? { ...span, to: null } : span))
}

export function viewOf(model: Model, now: number): ContainerView {
  const away = isAway(model, now)
  const span = spansOf(model, now - PERIOD, now).at(-1) ?? {
    from: now,
    to: null,
    condition: 'unknown' as const,
    why: '',
  }
  const failed = model.health === 'unhealthy' || away
  return {
    no: model.no,
    id: (model.no + 1).toString(16).padStart(4, 'a').repeat(16),
    name: model.name,
    host: 'mock',
    image: model.image,
    state: away ? 'exited' : model.state,
    health: away ? 'none' : model.health,
    startedAt: span.condition === 'down' ? null : span.from,
    finishedAt: span.condition === 'down' ? span.from : null,
    exitCode: away ? 137 : model.state === 'exited' ? 0 : null,
    restarts: model.restarts,
    project: model.project,
    service: model.service,
    cpuLimitCores: model.cpuLimit,
    memoryLimitBytes: model.memoryLimit,
    thresholds: { cpuPercent: 40, memoryPercent: 80, responseMs: 1000 },
    probe:
      model.probe === null
        ? null
        : {
            url: model.probe,
            at: now,
            ok: !failed,
            responseMs: failed ? null : valueAt(model, 'responseMs', now),
            detail: failed ? 'connection refused' : '200',
          },
    span,
  }
}

function ulid(at: number, salt: string): string {
  return `${at
    .toString(32)
    .toUpperCase()
    .replaceAll(/[ILOU]/g, 'X')
    .padStart(10, '0')}${salt.padEnd(16, '0')}`.slice(0, 26)
}

const standing = [
  {
    salt: 'HEALTH',
    rule: 'health-check-failed',
    severity: 'critical',
    container: 'media-library-1',
    summary: 'health check failed 3 times in a row: connection refused',
    value: 3,
    threshold: 3,
    agoMs: 2_400_000,
  },
  {
    salt: 'CPU',
    rule: 'high-cpu',
    severity: 'warning',
    container: 'media-transcoder-1',
    summary: 'CPU at 371.2 % of a core for 15 s, above 40 %',
    value: 371.2,
    threshold: 40,
    agoMs: 1_260_000,
  },
] as const

const ofEachPeriod = [
  {
    salt: 'C',
    rule: 'high-cpu',
    severity: 'warning',
    summary: 'CPU at 83.4 % of a core for 15 s, above 40 %',
    value: 83.4,
    threshold: 40,
    fires: BURST.from + 16_000,
    ends: BURST.to + 16_000,
    said: 'CPU back at 11.0 %, below 36 % for 15 s',
  },
  {
    salt: 'D',
    rule: 'container-down',
    severity: 'critical',
    summary: `${KILLED} after 3 h 2 min`,
    value: null,
    threshold: null,
    fires: AWAY.from + 100,
    ends: AWAY.to + 5000,
    said: 'running again for 5 s, was away for 23.5 s',
  },
] as const

/** The alerts of the lively container since `from`, newest first, and two that stand. */
export function alertsOf(from: number, now: number): AlertView[] {
  const open = { host: 'mock', resolvedAt: null, resolvedSummary: null }
  const list: AlertView[] = standing.map(({ salt, agoMs, ...alert }) => ({
    ...open,
    ...alert,
    id: ulid(agoMs, salt),
    firedAt: periodStart(now) - agoMs,
  }))
  for (let start = periodStart(from); start <= now; start += PERIOD)
    for (const { salt, fires, ends, said, ...alert } of ofEachPeriod) {
      const firedAt = start + fires
      const over = start + ends <= now ? { resolvedAt: start + ends, resolvedSummary: said } : {}
      if (firedAt <= now)
        list.push({ ...open, ...alert, container: 'monitored-app', id: ulid(firedAt, salt), firedAt, ...over })
    }
  return list.sort((a, b) => b.firedAt - a.firedAt)
}

/** What happened to the lively container since `from`, newest first. */
export function eventsOf(from: number, now: number): FleetEvent[] {
  const events: FleetEvent[] = []
  for (let start = periodStart(from); start <= now; start += PERIOD) {
    const no = start / 1000
    events.push({ at: start + AWAY.from, no, container: 'monitored-app', kind: 'died', text: KILLED })
    events.push({
      at: start + AWAY.to,
      no: no + 1,
      container: 'monitored-app',
      kind: 'started',
      text: 'started by hand',
    })
    events.push({
      at: start + AWAY.to + 6000,
      no: no + 2,
      container: 'monitored-app',
      kind: 'health',
      text: 'health check: healthy',
    })
  }
  return events.filter((event) => event.at <= now).sort((a, b) => b.at - a.at)
}

const HOUR = 3_600_000

/** An alert service without a mail server. */
export function deliveryOf(now: number): DeliveryView {
  const channel = {
    name: 'outbox',
    doc: 'mail goes to logs/outbox: no SES or SMTP set up',
    state: 'ok' as const,
    queued: 0,
    sent: 12,
    lastSentAt: now - 60_000,
    error: null,
    advice: null,
    nextTryAt: null,
  }
  return {
    reachable: true,
    at: now,
    status: {
      build: 'mock',
      startedAt: now - HOUR,
      state: 'ok',
      problems: [],
      log: {
        file: 'logs/container_alerts.log',
        offset: 9211,
        behindBytes: 0,
        lines: 44,
        badLines: 0,
        pendingFiles: [],
      },
      channels: [channel],
      recent: [],
    },
  }
}
