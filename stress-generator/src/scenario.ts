/** The steps to run: those of a scenario file, or the one that the settings name. */
import { readFileSync } from 'node:fs'
import type { SettingsOf } from '@plimsoll/contracts/settings'
import { EXIT_BAD_SETTINGS } from '@plimsoll/runtime/settings'
import * as v from 'valibot'
import type { Step } from './drive.ts'
import { LEVELS } from './profiles.ts'
import type { stressSettings } from './settings.ts'

const MAX_STEPS = 200

const steps = v.pipe(
  v.array(
    v.strictObject({
      level: v.picklist(LEVELS, `expected one of: ${LEVELS.join(', ')}`),
      seconds: v.pipe(v.number(), v.minValue(1), v.maxValue(7 * 86_400)),
    }),
    'expected a list of steps such as [{"level": "low", "seconds": 30}]',
  ),
  v.minLength(1, 'expected at least one step'),
  v.maxLength(MAX_STEPS, `expected at most ${MAX_STEPS} steps`),
)

export type ScenarioRead =
  | { readonly ok: true; readonly steps: readonly Step[] }
  | { readonly ok: false; readonly problem: string }

/** The steps of a scenario's text, or what is wrong with it and where. */
export function parseScenario(text: string): ScenarioRead {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (cause) {
    return { ok: false, problem: `not JSON (${cause instanceof Error ? cause.message : String(cause)})` }
  }
  const read = v.safeParse(steps, given)
  if (read.success) return { ok: true, steps: read.output }
  const [issue] = read.issues
  const path = v.getDotPath(issue)
  return { ok: false, problem: path === null ? issue.message : `${path}: ${issue.message}` }
}

/** What to run, or exit 78 with the reason. */
export function readStepsOrExit(settings: SettingsOf<typeof stressSettings>): readonly Step[] {
  const { STRESS_SCENARIO: path, STRESS_LEVEL: level, STRESS_DURATION: ms } = settings
  if (path === null) return [{ level, seconds: ms / 1000 }]
  const read = readScenario(path)
  if (read.ok) return read.steps
  process.stderr.write(`stress-generator: a setting is wrong\n  STRESS_SCENARIO="${path}": ${read.problem}\n`)
  process.exit(EXIT_BAD_SETTINGS)
}

function readScenario(path: string): ScenarioRead {
  try {
    return parseScenario(readFileSync(path, 'utf8'))
  } catch (cause) {
    return { ok: false, problem: `cannot be read (${cause instanceof Error ? cause.message : String(cause)})` }
  }
}
