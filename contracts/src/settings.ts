/**
 * The settings reader: a service declares its settings once, `main.ts` reads them, and every wrong one is reported
 * together, by name and value. Kinds of values (durations, percentages, lists) stand in `setting-kinds.ts`.
 */
import * as v from 'valibot'

/** Turns the text of an environment variable into a value, or says what it expected. */
export type Kind<T> = v.GenericSchema<string, T>

export interface Setting<T> {
  /** One line of help, as `.env-sample` shows it. */
  readonly doc: string
  /** The default as a user would write it; `null` when the setting is off unless given. */
  readonly fallback: string | null
  readonly parse: Kind<T>
  /** What a bare number means, for the reader of `.env-sample`: `percent`, `ms`, `s`. */
  readonly unit?: string
  /** Never printed, and may come from the file that `NAME_FILE` names. */
  readonly secret?: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: a record of settings of different types; each keeps its own below.
export type Declared = Readonly<Record<string, Setting<any>>>

export type SettingsOf<D extends Declared> = {
  readonly [K in keyof D]: D[K] extends Setting<infer T> ? (D[K]['fallback'] extends string ? T : T | null) : never
}

/** Where texts come from: the environment, and the files that `NAME_FILE` variables name. `readFile` may throw. */
export interface SettingsSource {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: (path: string) => string
}

export type SettingsRead<D extends Declared> =
  | { readonly ok: true; readonly settings: SettingsOf<D> }
  | { readonly ok: false; readonly problems: readonly string[] }

type Text = { readonly found: string | null } | { readonly problem: string }

/** `"40"` → `40`: a Compose list entry such as `- CPU_THRESHOLD="40"` keeps its quotes. One matching pair is taken off. */
export function unquote(text: string): string {
  const found = /^(["'])(.*)\1$/s.exec(text.trim())
  return found?.[2] ?? text.trim()
}

function textOf(name: string, setting: Setting<unknown>, source: SettingsSource): Text {
  const direct = unquote(source.env[name] ?? '')
  const path = setting.secret === true ? unquote(source.env[`${name}_FILE`] ?? '') : ''
  if (direct !== '' && path !== '') return { problem: `${name} and ${name}_FILE are both set: keep one of them` }
  if (path === '') return { found: direct === '' ? setting.fallback : direct }
  try {
    const text = source.readFile(path).trim()
    return { found: text === '' ? setting.fallback : text }
  } catch (cause) {
    return { problem: `${name}_FILE="${path}": cannot be read (${cause instanceof Error ? cause.message : cause})` }
  }
}

/** Kinds of many values begin a message with the wrong entry, `"x": …`: of a secret that is not said either. */
function problemOf(name: string, { secret }: Setting<unknown>, wrong: { text: string; messages: string[] }): string {
  if (secret !== true) return `${name}="${wrong.text}": ${wrong.messages.join('; ')}`
  return `${name}=(secret): ${wrong.messages.map((message) => message.replace(/^".*": /s, '')).join('; ')}`
}

/**
 * Reads every declared setting. Empty means absent; a value in literal quotes is unquoted; a secret can stand in the
 * file named by `NAME_FILE`. Answers with all settings, or with all problems, each naming the setting and its value
 * (a secret's value is never repeated).
 */
export function readSettings<const D extends Declared>(declared: D, source: SettingsSource): SettingsRead<D> {
  const settings: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries<Setting<unknown>>(declared)) {
    const text = textOf(name, setting, source)
    if ('problem' in text) {
      problems.push(text.problem)
      continue
    }
    if (text.found === null) {
      settings[name] = null
      continue
    }
    const parsed = v.safeParse(setting.parse, text.found)
    if (parsed.success) settings[name] = parsed.output
    else problems.push(problemOf(name, setting, { text: text.found, messages: parsed.issues.map((i) => i.message) }))
  }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, settings: settings as SettingsOf<D> }
}

/** Declares settings; a function only so that each value's type follows from its kind and its fallback. */
export function declare<const D extends Declared>(declared: D): D {
  return declared
}
