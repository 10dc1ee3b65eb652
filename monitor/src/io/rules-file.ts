/**
 * The rules file (`RULES_FILE`, YAML), followed while the monitor runs. A file with a mistake leaves the rules before
 * it in force and says so; a missing one is no mistake: the table of `core/rules.ts` is played.
 * Joining: `await followRules(options)`; `current()` for `judge`, `error` for the sink observation, `stop()`.
 */
import { readFile, stat } from 'node:fs/promises'
import { parse } from 'yaml'
import { type RulesRead, rulesFrom } from '../core/rule-file.ts'
import { RULES, type Rules } from '../core/rules.ts'
import { oneLine } from '../core/sentences.ts'

export interface RulesFileOptions {
  readonly path: string
  /** How often to look whether it changed. By looking, as editors and bind mounts replace files under a watch. */
  readonly everyMs: number
  /** Told of each change, in a sentence for the log: what is played from now on, or why not. */
  readonly say: (sentence: string) => void
}

export interface RulesFile {
  current(): Rules
  /** What is wrong with the file; `null` while it is in force, or not there. */
  readonly error: string | null
  /** Looks at once. Never throws. */
  look(): Promise<void>
  stop(): void
}

const MAX_BYTES = 256 * 1024

/** Reads the file, then looks for changes every `everyMs`. Never throws. */
export async function followRules(options: RulesFileOptions): Promise<RulesFile> {
  let rules: Rules = RULES
  let error: string | null = null
  let seen = 'missing'
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const look = async () => {
    const version = await versionOf(options.path)
    if (version === seen) return
    seen = version
    const read = version === 'missing' ? { ok: true as const, rules: RULES } : await readRules(options.path)
    if (read.ok) rules = read.rules
    error = read.ok ? null : `${read.problems.map(oneLine).join('; ')} (the rules before stay in force)`
    options.say(
      error ?? (version === 'missing' ? 'no rules file: the defaults are played' : 'the rules file is in force'),
    )
  }
  const again = async () => {
    await look()
    if (!stopped) timer = setTimeout(again, options.everyMs).unref()
  }
  await again()
  return {
    current: () => rules,
    get error() {
      return error
    },
    look,
    stop: () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** What changes when the file does. */
async function versionOf(path: string): Promise<string> {
  return await stat(path).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    // Whatever else is wrong, reading it will say.
    ({ code }: NodeJS.ErrnoException) => (code === 'ENOENT' ? 'missing' : String(code)),
  )
}

async function readRules(path: string): Promise<RulesRead> {
  try {
    return rulesFromText(await readFile(path, 'utf8'))
  } catch (cause) {
    return { ok: false, problems: [cause instanceof Error ? cause.message : String(cause)] }
  }
}

/** The rules that a file's text makes, or what is wrong with it. Never throws. */
export function rulesFromText(text: string): RulesRead {
  if (text.length > MAX_BYTES) return { ok: false, problems: ['is longer than 256 kB'] }
  try {
    // Aliases are not needed here, and a few of them can stand for gigabytes.
    return rulesFrom(parse(text, { maxAliasCount: 0 }))
  } catch (cause) {
    return { ok: false, problems: [cause instanceof Error ? cause.message : String(cause)] }
  }
}
