/**
 * A rules file, read as YAML, as the rules to play: the table of `rules.ts` with what the file changes, and the file's
 * own rules on any metric. All problems are told together; a file with one changes nothing.
 * Joining: `io/rules-file.ts` reads and follows the file.
 */
import { SEVERITIES } from '@plimsoll/contracts/alert'
import { METRIC_NAMES } from '@plimsoll/contracts/metrics'
import { duration } from '@plimsoll/contracts/setting-kinds'
import * as v from 'valibot'
import { issueText } from './issues.ts'
import { QuietList, withQuietHours } from './quiet-hours.ts'
import { RULES, type Rule, type Rules } from './rules.ts'

export type RulesRead =
  | { readonly ok: true; readonly rules: Rules }
  | { readonly ok: false; readonly problems: readonly string[] }

const MAX_RULES = 100
/** As long as the history that a window can look back on in memory. */
const LONGEST = '1h'

const time = (min: string, max: string) =>
  v.pipe(
    v.union([v.string(), v.number()], `expected a duration from ${min} to ${max}, such as 15s or 5m`),
    v.transform(String),
    duration({ min, max }),
  )
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))
const level = v.pipe(v.number('expected a number'), v.finite(), v.minValue(0))
const pattern = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.*-]{1,128}$/, 'expected a container name; * stands for any letters'),
)

/** What the file may say of any rule. */
const common = {
  severity: v.exactOptional(v.picklist(SEVERITIES, `expected ${SEVERITIES.join(' or ')}`)),
  above: v.exactOptional(level),
  'clear-below': v.exactOptional(level),
  for: v.exactOptional(time('0s', LONGEST)),
  'clear-for': v.exactOptional(time('0s', LONGEST)),
  samples: v.exactOptional(count),
  containers: v.exactOptional(v.pipe(v.array(pattern), v.minLength(1), v.maxLength(100))),
}
const Change = v.strictObject(common)
const Own = v.strictObject({
  ...common,
  above: level,
  metric: v.picklist(METRIC_NAMES, `expected one of: ${METRIC_NAMES.join(', ')}`),
  percentile: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(99.9))),
  over: v.exactOptional(time('5s', LONGEST)),
})
const off = v.literal('off')
// Not v.record, which passes over a rule called `constructor` in silence.
const mapping = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected a mapping of rules by name',
)
const File = v.strictObject({
  version: v.literal(1),
  rules: v.optional(v.nullable(mapping), null),
  quiet: v.optional(v.nullable(QuietList), null),
})

/** The rules that a file's content makes; `null` (an empty file) changes nothing. */
export function rulesFrom(content: unknown): RulesRead {
  if (content === null || content === undefined) return { ok: true, rules: RULES }
  if (!v.is(mapping, content) || content.version !== 1) {
    return { ok: false, problems: ['expected version: 1, then rules:'] }
  }
  const file = v.safeParse(File, content)
  if (!file.success) return { ok: false, problems: file.issues.map(issueText) }
  const entries = Object.entries(file.output.rules ?? {})
  const problems = entries.length > MAX_RULES ? [`rules: more than ${MAX_RULES}`] : []
  const rules: Record<string, Rule> = { ...RULES }
  for (const [name, said] of entries.slice(0, MAX_RULES)) {
    const made = Object.hasOwn(RULES, name) ? changed(RULES[name as keyof typeof RULES], said) : own(name, said)
    if ('problems' in made) problems.push(...made.problems.map((problem) => `rules.${name}: ${problem}`))
    else if (made.rule === null) delete rules[name]
    else rules[name] = made.rule
  }
  const quiet = withQuietHours(rules, file.output.quiet ?? [])
  problems.push(...quiet.problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rules: quiet.rules }
}

type Made = { readonly rule: Rule | null } | { readonly problems: readonly string[] }

function changed(rule: Rule, said: unknown): Made {
  // YAML 1.1 writers mean `false` by `off`.
  if (v.is(off, said) || said === false) return { rule: null }
  const read = v.safeParse(Change, said)
  if (!read.success) return { problems: read.issues.map(issueText) }
  const change = read.output
  if (rule.above === null && (change.above !== undefined || change['clear-below'] !== undefined)) {
    return { problems: ['has no threshold; above and clear-below are for rules on a number'] }
  }
  return consistent(withChange(rule, change))
}

function withChange(rule: Rule, change: v.InferOutput<typeof Change>): Rule {
  const { above, severity, samples } = change
  const bySetting = typeof rule.above === 'string'
  return {
    ...rule,
    severity: severity ?? rule.severity,
    above: above === undefined || bySetting ? rule.above : above,
    insteadOfSetting: bySetting ? (above ?? null) : null,
    clearBelow: clearLevel(rule, change),
    forMs: change.for ?? rule.forMs,
    clearForMs: change['clear-for'] ?? rule.clearForMs,
    minSamples: samples ?? rule.minSamples,
    only: change.containers ?? null,
  }
}

function clearLevel(rule: Rule, change: v.InferOutput<typeof Change>): Rule['clearBelow'] {
  const below = change['clear-below']
  if (below !== undefined) return { level: below }
  // A clear level as a number belongs to the threshold it was written for.
  return change.above !== undefined && rule.clearBelow !== null ? { ratio: 0.9 } : rule.clearBelow
}

const ownName = /^[a-z][a-z0-9-]{1,63}$/

function own(name: string, said: unknown): Made {
  if (!ownName.test(name) || name in {}) {
    return { problems: ['expected a name of small letters, digits and hyphens'] }
  }
  if (v.is(off, said) || said === false) return { rule: null }
  const read = v.safeParse(Own, said)
  if (!read.success) return { problems: read.issues.map(issueText) }
  const { metric, percentile, over, ...change } = read.output
  const isLatency = percentile !== undefined || over !== undefined
  if (isLatency && metric !== 'responseMs') {
    return { problems: ['percentile and over are for the metric responseMs'] }
  }
  const base: Rule = isLatency
    ? {
        ...RULES['slow-response'],
        watches: { kind: 'latency', percentile: percentile ?? 95, windowMs: over ?? 30_000, atLeast: 5 },
      }
    : { ...RULES['high-cpu'], watches: { kind: 'metric', metric } }
  return consistent(withChange({ ...base, above: change.above, insteadOfSetting: null }, change))
}

/** A level that clears above where it fires would fire and clear at once. */
function consistent(rule: Rule): Made {
  const fires = typeof rule.above === 'number' ? rule.above : rule.insteadOfSetting
  const { clearBelow } = rule
  if (fires !== null && clearBelow !== null && 'level' in clearBelow && clearBelow.level > fires) {
    return { problems: [`clear-below (${clearBelow.level}) is higher than above (${fires})`] }
  }
  return { rule }
}
