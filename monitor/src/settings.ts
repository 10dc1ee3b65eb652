/** The monitor's settings, declared once. `.env-sample` is generated from here. */
import { duration, httpUrl, line, listOf, pairsOf, percent, port, size } from '@plimsoll/contracts/setting-kinds'
import { declare, type Kind, type SettingsOf } from '@plimsoll/contracts/settings'
import { sharedSettings } from '@plimsoll/contracts/shared-settings'
import * as v from 'valibot'
import { LEVEL_NAMES } from './core/rollup.ts'

/** `unix:///path` or `tcp://host:port`. */
function engineAddress(): Kind<string> {
  const isAddress = (text: string) =>
    /^unix:\/\/\/./.test(text) || (/^(tcp|http):\/\/[^\s/]/.test(text) && URL.canParse(text.replace(/^tcp:/, 'http:')))
  return v.pipe(v.string(), v.trim(), v.check(isAddress, 'expected unix:///path/to/docker.sock or tcp://host:port'))
}

/** How long each resolution of the history is kept, from fine to coarse: `10s=24h,1m=14d,15m=400d`. */
function retention(): Kind<readonly number[]> {
  const kept = pairsOf(duration({ min: '1h', max: '3650d' }))
  const isWhole = (pairs: ReadonlyMap<string, number>) =>
    pairs.size === LEVEL_NAMES.length && LEVEL_NAMES.every((name) => pairs.has(name))
  return v.pipe(
    kept,
    v.check(isWhole, `expected each of ${LEVEL_NAMES.join(', ')} once, such as 10s=24h,1m=14d,15m=400d`),
    v.transform((pairs) => LEVEL_NAMES.map((name) => pairs.get(name) ?? 0)),
  )
}

export const settings = declare({
  ...sharedSettings,
  DOCKER_HOST: {
    doc: 'Where the Docker engine (or a socket proxy) listens: unix:///path or tcp://host:port',
    fallback: 'unix:///var/run/docker.sock',
    parse: engineAddress(),
  },
  LISTEN_HOST: {
    doc: 'Address the dashboard listens on; 0.0.0.0 lets other machines in, and there is no login',
    fallback: '127.0.0.1',
    parse: line(),
  },
  MONITOR_PORT: { doc: 'Port of the dashboard and the HTTP interface', fallback: '8001', parse: port() },
  ALLOWED_HOSTS: {
    doc: 'Host names the dashboard answers to besides IP addresses, localhost and names without a dot; comma-separated',
    fallback: null,
    parse: listOf(line()),
  },
  HOST_NAME: {
    doc: 'Name of this Docker host in alerts and files; the engine’s own name unless set',
    fallback: null,
    parse: line(),
  },
  SAMPLE_INTERVAL: {
    doc: 'How often each container is measured; unless set, every second from the host’s files, every 2 s from the engine',
    fallback: null,
    parse: duration({ min: '100ms', max: '60s' }),
    unit: 's',
  },
  COST_BUDGET: {
    doc: 'Share of one core that asking the engine for statistics may cost, here and there; the interval grows before that',
    fallback: '5',
    parse: percent({ min: 0.1, max: 400 }),
    unit: 'percent',
  },
  HOST_PROC: {
    doc: 'Where the /proc of the engine’s host is mounted; containers are then read there instead of asked for',
    fallback: '/proc',
    parse: line(),
  },
  HOST_CGROUP: {
    doc: 'Where the /sys/fs/cgroup of the engine’s host is mounted',
    fallback: '/sys/fs/cgroup',
    parse: line(),
  },
  HOST_ROOT: {
    doc: 'Where the root folder of the engine’s host is mounted, if it is: the page then shows each of its disks',
    fallback: '/host/root',
    parse: line(),
  },
  HISTORY_RETENTION: {
    doc: 'How long history is kept at each of its resolutions, from fine to coarse',
    fallback: '10s=24h,1m=14d,15m=400d',
    parse: retention(),
  },
  HISTORY_MAX_SIZE: {
    doc: 'Size of the history file; above it the oldest goes first, of the finest resolution',
    fallback: '1g',
    parse: size({ min: '8m', max: '1000g' }),
  },
  CSV_INTERVAL: {
    doc: 'How often a row per container goes into metrics-YYYY-MM-DD.csv',
    fallback: '10s',
    parse: duration({ min: '1s', max: '1h' }),
    unit: 's',
  },
  HEALTH_TARGETS: {
    doc: 'Containers to ask over HTTP, container=url,…; wins over the label plimsoll.health.url',
    fallback: null,
    parse: pairsOf(httpUrl()),
  },
  HEALTH_INTERVAL: {
    doc: 'How often each health target is asked',
    fallback: '2s',
    parse: duration({ min: '250ms', max: '10m' }),
    unit: 's',
  },
  HEALTH_TIMEOUT: {
    doc: 'How long a health target may take before the check has failed',
    fallback: '5s',
    parse: duration({ min: '100ms', max: '60s' }),
    unit: 's',
  },
  CPU_THRESHOLD: {
    doc: 'CPU, as docker stats counts it (100 is one core), above which high-cpu fires',
    fallback: '40',
    parse: percent({ max: 100_000 }),
    unit: 'percent',
  },
  MEMORY_THRESHOLD: {
    doc: 'Memory, as a share of the limit, above which high-memory fires',
    fallback: '80',
    parse: percent({ max: 100 }),
    unit: 'percent',
  },
  RESPONSE_TIME_THRESHOLD: {
    doc: 'Response time of a health target above which slow-response fires',
    fallback: '1000',
    parse: duration({ min: '1ms', max: '10m', bare: 'ms' }),
    unit: 'ms',
  },
  ALERT_SERVICE_URL: {
    doc: 'Where the alert service tells how delivery stands; the page shows it',
    fallback: null,
    parse: httpUrl(),
  },
  RULES_FILE: {
    doc: 'Changes alert rules and adds own ones; read again when it changes. config/alerts.yaml shows how',
    fallback: 'config/alerts.yaml',
    parse: line(),
  },
  LOG_MAX_SIZE: {
    doc: 'Size at which container_monitor.log and container_alerts.log are rotated',
    fallback: '10m',
    parse: size({ min: '64k', max: '10g' }),
  },
})

export type MonitorSettings = SettingsOf<typeof settings>

/** The thresholds of containers whose labels say nothing else. */
export function thresholdsOf(set: MonitorSettings): {
  readonly cpuPercent: number
  readonly memoryPercent: number
  readonly responseMs: number
} {
  return {
    cpuPercent: set.CPU_THRESHOLD,
    memoryPercent: set.MEMORY_THRESHOLD,
    responseMs: set.RESPONSE_TIME_THRESHOLD,
  }
}
