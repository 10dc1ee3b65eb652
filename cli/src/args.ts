/** The command line: which command, with which options, or what is wrong with it. */
import { parseArgs } from 'node:util'
import { COMMANDS, COMMON, type Command, commandNamed, type Option } from './core/commands.ts'

export type Values = Readonly<Record<string, string | boolean | undefined>>

export type Asked =
  | { readonly kind: 'run'; readonly command: Command; readonly values: Values; readonly word: string | null }
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'wrong'; readonly command: Command | null; readonly why: string }

/** What the words after `plimsoll` ask for. Nothing at all asks for help. */
export function asked(words: readonly string[]): Asked {
  const [first, ...rest] = words
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: null }
  if (first === 'help') return helpFor(rest[0])
  const command = commandNamed(first)
  if (command === undefined) return { kind: 'wrong', command: null, why: unknownCommand(first) }
  return readOptions(command, rest)
}

function helpFor(name: string | undefined): Asked {
  const command = name === undefined ? null : commandNamed(name)
  if (command === undefined) return { kind: 'wrong', command: null, why: unknownCommand(name ?? '') }
  return { kind: 'help', command }
}

function unknownCommand(name: string): string {
  const what = name.startsWith('-') ? 'a command comes first, then its options' : `there is no command "${name}"`
  return `${what}; commands are ${COMMANDS.map((command) => command.name).join(', ')}`
}

function readOptions(command: Command, words: readonly string[]): Asked {
  const declared: readonly Option[] = [...command.options, ...COMMON]
  const options = Object.fromEntries(
    declared.map(({ name, short, value }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
    if (values.help === true) return { kind: 'help', command }
    const why =
      wrongWord(command, positionals) ?? wrongChoice(declared, values as Values) ?? missing(declared, values as Values)
    if (why !== null) return { kind: 'wrong', command, why }
    return { kind: 'run', command, values: values as Values, word: positionals[0] ?? null }
  } catch (error) {
    return { kind: 'wrong', command, why: firstSentence(error) }
  }
}

function wrongWord({ words }: Command, found: readonly string[]): string | null {
  const extra = found[words === undefined ? 0 : 1]
  if (extra !== undefined) return `"${extra}" is one word too many`
  if (words === undefined) return null
  const { name, choices, optional } = words
  const [word] = found
  if (choices === null) return word === undefined && optional !== true ? `${name} is missing` : null
  if (choices.includes(word ?? '')) return null
  const said = word === undefined ? 'is missing' : `cannot be "${word}"`
  return `${name} ${said}; it is one of ${choices.join(', ')}`
}

function missing(options: readonly Option[], values: Values): string | null {
  const option = options.find(({ name, required }) => required === true && !values[name])
  return option === undefined ? null : `--${option.name} is missing: ${option.doc}`
}

function wrongChoice(options: readonly Option[], values: Values): string | null {
  for (const { name, choices } of options) {
    const value = values[name]
    if (choices === undefined || value === undefined || choices.includes(String(value))) continue
    return `--${name} cannot be "${value}"; it is one of ${choices.join(', ')}`
  }
  return null
}

/** parseArgs explains at length how to escape; the first sentence says what is wrong. */
function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [sentence = text] = text.split(/\.\s|\n/)
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}
