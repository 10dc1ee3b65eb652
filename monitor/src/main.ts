/** The monitor: watches the containers of a Docker engine, judges, writes CSV and alerts, and serves the page on :8001. */
import { hostname } from 'node:os'
import { createLog } from '@plimsoll/runtime/log'
import { settingsOrExit } from '@plimsoll/runtime/settings'
import { sharedKeyOrNull } from '@plimsoll/runtime/signed-link'
import { stopGracefully } from '@plimsoll/runtime/stop'
import { Bridge } from './bridge.ts'
import { buildName } from './build.ts'
import { newFleet } from './core/fleet.ts'
import { newHistory } from './core/history.ts'
import { DEFAULT_INTERVAL_MS } from './core/pace.ts'
import { answersOf, helloOf, snapshotOf } from './desk.ts'
import { openFiles } from './files.ts'
import { openHostFiles } from './host-files.ts'
import { openEngine } from './io/engine.ts'
import { createProber } from './io/probe.ts'
import { measureOwnCost } from './own-cost.ts'
import { Past } from './past.ts'
import { followDeliveryAt } from './post.ts'
import { keepBook, takeUpBook } from './remembered.ts'
import { startRounds } from './rounds.ts'
import { startSampler } from './sampler.ts'
import { openDoor } from './serve.ts'
import { settings, thresholdsOf } from './settings.ts'
import { startWatcher } from './watcher.ts'
import { Witness } from './witness.ts'

/** Probes under way at one time. */
const MAX_PROBES = 32
const now = () => Date.now()

async function main(): Promise<void> {
  const set = settingsOrExit('monitor', settings)
  const log = createLog('monitor', set.LOG_LEVEL)
  const startedAt = now()
  const host = set.HOST_NAME ?? hostname()
  const targets = set.HEALTH_TARGETS ?? new Map<string, string>()

  // What is known.
  const fleet = newFleet({ host, defaults: thresholdsOf(set), targets })
  const history = newHistory(set.SAMPLE_INTERVAL ?? DEFAULT_INTERVAL_MS.files)
  const files = await openFiles({ dir: set.LOGS_DIR, maxBytes: set.LOG_MAX_SIZE, rulesFile: set.RULES_FILE, log, now })
  const folders = { stateDir: set.STATE_DIR, logsDir: set.LOGS_DIR }
  const book = await takeUpBook({ ...folders, host, now: startedAt, log, say: (line) => files.alerts.append(line) })
  const memory = keepBook(set.STATE_DIR, () => bridge.book, now)
  const past = new Past({ fleet, history, set, log, now })
  const engine = openEngine(set.DOCKER_HOST)
  const fromHost = openHostFiles(set, now)
  const witness = new Witness({ engine, fleet, history, files, past, ...fromHost, set, bridge: () => bridge, log, now })
  const outlets = { writeAlert: witness, memory, past, hostName: set.HOST_NAME, where: set.DOCKER_HOST }
  const bridge = new Bridge({ fleet, history, book, rules: files.rules, ...outlets, log, now })

  // Who finds out.
  const prober = createProber({ timeoutMs: set.HEALTH_TIMEOUT, maxParallel: MAX_PROBES, now })
  const paces = { intervalMs: set.SAMPLE_INTERVAL, healthIntervalMs: set.HEALTH_INTERVAL }
  const sampler = startSampler({ engine, fleet, bridge, ...fromHost, ...paces, budgetPercent: set.COST_BUDGET, now })
  const post = followDeliveryAt(set.ALERT_SERVICE_URL, bridge, now)
  const own = { cost: measureOwnCost(), host: fromHost.host }
  const kept = { ...folders, csvIntervalMs: set.CSV_INTERVAL, keepMs: set.LOG_RETENTION, isRead: post.isRead, ...paces }
  const rounds = startRounds({ fleet, bridge, files, memory, past, prober, sampler, ...kept, ...own, log, now })

  // Who asks.
  const linkKey = sharedKeyOrNull(set.SHARED_DIR, log)
  const told = { build: buildName(), startedAt, target: targets.keys().next().value ?? null, witness, linkKey, ...own }
  const desk = { ...told, engine, bridge, budgetPercent: set.COST_BUDGET, fleet, past, sampler, files, memory, now }
  const address = { host: set.LISTEN_HOST, port: set.MONITOR_PORT }
  const answers = { answers: answersOf(desk), hello: () => helloOf(desk), snapshot: () => snapshotOf(desk) }
  const door = await openDoor({ address, allowedHosts: set.ALLOWED_HOSTS ?? [], ...answers, log })
  bridge.goLive(door.live)
  const watcher = startWatcher({ engine: witness.heard(), fleet, bridge, log, now })

  stopGracefully(log, async () => {
    rounds.stop()
    await Promise.allSettled([sampler.stop(), watcher.stop(), post.stop(), prober.close(), door.close()])
    engine.close()
    past.close()
    await Promise.allSettled([memory.close(), witness.close().then(files.close)])
  })
}

if (import.meta.main) await main()
