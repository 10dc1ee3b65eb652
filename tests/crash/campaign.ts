/**
 * The crash test: a real alert service in its own process is killed again and again while the log rotates and Amazon
 * SES misbehaves. Afterwards every line must have reached the mail server, in order per container, and no mail twice
 * but where a kill or a lost answer made it unavoidable.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import { type AcceptedMail, type Behaviour, type FakeSes, startFakeSes } from '../support/fake-ses.ts'
import { type Running, startService } from '../support/service.ts'
import { until } from '../support/until.ts'
import { chance, LogWriter, ROTATIONS, type Rotation, type Written } from './writer.ts'

export interface Campaign {
  readonly kills: number
  readonly alerts: number
  readonly seed: number
  readonly say: (text: string) => void
}

export interface Outcome {
  readonly alerts: number
  readonly lines: number
  readonly mails: number
  readonly kills: number
  readonly lostAnswers: number
  readonly rotations: Readonly<Record<Rotation, number>>
  readonly shown: Readonly<Record<string, number>>
  /** Lines that no mail tells of. */
  readonly lost: readonly string[]
  /** Mails with a line that an earlier mail told of. */
  readonly repeats: number
  /** Containers whose lines came in another order than they were written. */
  readonly disordered: readonly string[]
  readonly seconds: number
}

/** Some lives end while the service starts; the others at a random moment of its work, however slow the machine is. */
const KILLED_AT_START = 0.15
const START_MS = 600
const WORK_MS = 900

const misbehaviour: readonly (readonly [Behaviour, number])[] = [
  ['throttle', 0.05],
  ['error-500', 0.05],
  ['reset', 0.05],
  ['hang', 0.02],
  ['accept-and-lose-answer', 0.06],
  ['accept-and-hang', 0.02],
]

function behaviourFor(roll: number): Behaviour {
  let left = roll
  for (const [behaviour, share] of misbehaviour) {
    if (left < share) return behaviour
    left -= share
  }
  return 'accept'
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function serviceEnv(folder: string, ses: FakeSes, port: number): Record<string, string> {
  return {
    LOGS_DIR: join(folder, 'logs'),
    STATE_DIR: join(folder, 'state'),
    ALERT_SERVICE_PORT: String(port),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_SES: ses.url,
    SENDER_EMAIL: 'plimsoll@example.com',
    RECIPIENT_EMAILS: 'ops@example.com',
    BUFFER_TIMEOUT: '200ms',
    CHECK_INTERVAL: '100ms',
    SEND_TIMEOUT: '300ms',
    ALERT_COOLDOWN: '0',
    REPEAT_INTERVAL: '0',
    MESSAGES_PER_HOUR: '100000',
    LOG_LEVEL: 'error',
  }
}

/** Counted by mails: one that carries a line which was accepted before is a repeat, however many lines it has. */
function repeatsIn(mails: readonly AcceptedMail[]): number {
  const seen = new Set<string>()
  let repeats = 0
  for (const { keys } of mails) {
    if (keys.some((key) => seen.has(key))) repeats++
    for (const key of keys) seen.add(key)
  }
  return repeats
}

function disorderedIn(mails: readonly AcceptedMail[], written: readonly Written[]): readonly string[] {
  const arrived = [...new Set(mails.flatMap(({ keys }) => keys))]
  const place = new Map(arrived.map((key, i) => [key, i]))
  const last = new Map<string, number>()
  const wrong = new Set<string>()
  for (const { key, container } of written) {
    const at = place.get(key)
    if (at === undefined) continue
    if (at < (last.get(container) ?? -1)) wrong.add(container)
    last.set(container, at)
  }
  return [...wrong]
}

/** Runs a campaign to its end: writes, rotates, kills, then lets everything arrive and counts. */
export async function runCampaign({ kills, alerts, seed, say }: Campaign): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-crash-'))
  mkdirSync(join(folder, 'logs'))
  const random = chance(seed)
  const ses = await startFakeSes()
  const sesRandom = chance(seed + 1)
  ses.behave(() => behaviourFor(sesRandom()))
  // Below the range from which the system takes ports for outgoing connections: between two lives ours is free.
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const env = serviceEnv(folder, ses, port)
  const writer = new LogWriter(join(folder, 'logs'), random)
  const started = performance.now()
  let killed = 0
  let current: Running | null = null

  const status = async (): Promise<DeliveryStatus | null> =>
    fetch(`http://127.0.0.1:${port}/status`, { signal: AbortSignal.timeout(500) })
      .then((answer) => answer.json() as Promise<DeliveryStatus>)
      .catch(() => null)

  const kill = async (): Promise<void> => {
    const killRandom = chance(seed + 2)
    while (killed < kills) {
      current = startService('alert-service/src/main.ts', env)
      if (killRandom() < KILLED_AT_START) await pause(killRandom() * START_MS)
      else {
        await until('its start', status, 15_000)
        await pause(killRandom() * WORK_MS)
      }
      current.child.kill('SIGKILL')
      await current.ended
      killed++
      if (killed % 25 === 0) say(`${killed} kills, ${writer.alerts} alerts, ${ses.accepted.length} mails`)
    }
  }

  const rotate = async (): Promise<void> => {
    const how = ROTATIONS[Math.floor(random() * ROTATIONS.length)] ?? 'rename'
    if (how !== 'delete') return writer.rotate(how)
    const now = await status()
    if (now === null) return
    if (now.log.behindBytes === 0) writer.rotate('delete')
    else writer.prune(now.log.pendingFiles)
  }

  const write = async (): Promise<void> => {
    while (writer.alerts < alerts || killed < kills) {
      const burst = 1 + Math.floor(random() * 8)
      for (let i = 0; i < burst; i++) writer.line()
      if (random() < 0.15) await rotate()
      // So fast that the alerts last about as long as the kills.
      const behind = writer.alerts / alerts - killed / kills
      await pause(behind > 0 ? 100 + random() * 500 : random() * 30)
    }
  }

  /** What was rotated before the very first start is history, and stays untold: so it starts once before anything is written. */
  const firstStart = async (): Promise<void> => {
    current = startService('alert-service/src/main.ts', env)
    await until('the first start', status)
    current.child.kill('SIGKILL')
    await current.ended
  }

  try {
    await firstStart()
    await Promise.all([kill(), write()])
    ses.behave(() => 'accept')
    current = startService('alert-service/src/main.ts', env)
    const arrived = () => new Set(ses.accepted.flatMap(({ keys }) => keys))
    const isComplete = () => {
      const keys = arrived()
      return writer.written.every(({ key }) => keys.has(key))
    }
    await until('every line in a mail', isComplete, 60_000).catch(() => {})
    const isEmpty = async () => (await status())?.channels.every(({ queued }) => queued === 0)
    await until('an empty outbox', isEmpty, 20_000).catch(async () => {
      const last = current as Running | null
      say(`the outbox is not empty: ${JSON.stringify(await status())}\n${last?.stderr().slice(-2000)}`)
    })
    const all = arrived()
    return {
      alerts: writer.alerts,
      lines: writer.written.length,
      mails: ses.accepted.length,
      kills: killed,
      lostAnswers: ses.accepted.filter(({ answerLost }) => answerLost).length,
      rotations: writer.rotations,
      shown: Object.fromEntries(ses.shown),
      lost: writer.written.filter(({ key }) => !all.has(key)).map(({ key }) => key),
      repeats: repeatsIn(ses.accepted),
      disordered: disorderedIn(ses.accepted, writer.written),
      seconds: Math.round((performance.now() - started) / 1000),
    }
  } finally {
    const last = current as Running | null
    last?.child.kill('SIGKILL')
    await last?.ended
    await ses.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is wrong with an outcome, in words; empty when every promise was kept. */
export function broken(outcome: Outcome): readonly string[] {
  const { lost, repeats, kills, lostAnswers, disordered } = outcome
  return [
    ...(lost.length > 0 ? [`lost ${lost.length}: ${lost.slice(0, 5).join(', ')}`] : []),
    ...(repeats > kills + lostAnswers
      ? [`${repeats} repeats, but only ${kills} kills and ${lostAnswers} lost answers`]
      : []),
    ...(disordered.length > 0 ? [`out of order: ${disordered.join(', ')}`] : []),
  ]
}
