/** What an incident is, and what is made of one. */
import type { AlertEvent } from '@plimsoll/contracts/alert'
import { engineTime, type Stage } from './stage.ts'

export interface Incident {
  /** A sentence: what happens, and what must be said of it. */
  readonly title: string
  /** Plays it on containers it names by `stage.name`, and answers with their names when all that must be said is said. */
  readonly play: (stage: Stage) => Promise<Played>
}

export interface Played {
  readonly containers: readonly string[]
  /** What must be said, in order, and nothing else: `container-down firing`. Lines that are held back do not count. */
  readonly says: readonly string[]
  /** Rules whose lines may come besides, because time decides how many. */
  readonly mayAlso?: readonly string[]
  /** Words that the first line must have: the cause named right. */
  readonly words?: RegExp
  /** The engine's event that the first line is measured from. */
  readonly since?: 'die' | 'oom'
}

export interface Verdict {
  readonly title: string
  readonly ok: boolean
  /** Why not, or what was said. */
  readonly told: string
  /** From the engine's event to the alert; `null` where there is none to measure from. */
  readonly detectMs: number | null
  readonly extra: number
}

const short = (event: AlertEvent) => `${event.rule} ${event.state}`

/** Plays an incident and holds what was said against what must be. Never rejects. */
export async function judge(stage: Stage, incident: Incident): Promise<Verdict> {
  const { title } = incident
  try {
    const played = await incident.play(stage)
    const lines = stage.linesOf(played.containers).filter((event) => event.suppressed === undefined)
    const said = lines.filter(({ rule }) => !(played.mayAlso ?? []).includes(rule)).map(short)
    const [first] = lines
    const right = said.join(', ') === played.says.join(', ')
    const named = played.words === undefined || played.words.test(first?.summary ?? '')
    const extra = said.filter((line) => !played.says.includes(line)).length
    const why = named ? '' : ` (the cause is named wrong: ${first?.summary})`
    const told = right
      ? `${said.join(', ') || 'nothing'}${why}`
      : `said: ${said.join(', ') || 'nothing'}; expected: ${played.says.join(', ') || 'nothing'}${why}`
    return { title, ok: right && named, told, detectMs: await delay(played, first), extra }
  } catch (cause) {
    return { title, ok: false, told: cause instanceof Error ? cause.message : String(cause), detectMs: null, extra: 0 }
  }
}

async function delay({ since, containers }: Played, first: AlertEvent | undefined): Promise<number | null> {
  const [name] = containers
  if (since === undefined || name === undefined || first === undefined) return null
  const at = await engineTime(name, since)
  return at === null || at > first.time + 1 ? null : Math.max(0, first.time - at)
}
