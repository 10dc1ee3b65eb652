/** Help texts, made from the commands' own declarations. */
import { COMMANDS, COMMON, type Command, type Option } from './commands.ts'

function optionName({ name, short, value }: Option): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function optionLines(options: readonly Option[]): string {
  const width = Math.max(...options.map((option) => optionName(option).length))
  const choices = ({ choices: of }: Option) => (of === undefined || of.length > 6 ? '' : `: ${of.join(', ')}`)
  return options.map((option) => `  ${optionName(option).padEnd(width)}  ${option.doc}${choices(option)}\n`).join('')
}

/** `plimsoll --help`. */
export function generalHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('')
  return `plimsoll: the container monitor in a terminal

Usage: plimsoll COMMAND [OPTIONS]

Commands:
${lines}
Options:
${optionLines(COMMON)}
Examples:
  plimsoll live
  plimsoll check --container web
  plimsoll alerts --state firing

plimsoll COMMAND --help shows the options and examples of one command.
`
}

function wordText({ words }: Command): string {
  if (words === undefined) return ''
  const said = words.choices === null ? words.name : words.choices.join('|')
  return words.optional === true ? ` [${said}]` : ` ${said}`
}

/** `plimsoll COMMAND --help`. */
export function commandHelp(command: Command): string {
  const needed = command.options.filter(({ required }) => required).map(({ name, value }) => ` --${name} ${value}`)
  const width = Math.max(...command.examples.map(([line]) => line.length))
  const examples = command.examples.map(([line, why]) => `  ${why === '' ? line : `${line.padEnd(width)}  # ${why}`}\n`)
  return `plimsoll ${command.name}: ${command.summary}

Usage: plimsoll ${command.name}${wordText(command)}${needed.join('')} [OPTIONS]

${command.about.map((line) => `${line}\n`).join('')}
Options:
${optionLines([...command.options, ...COMMON])}
Examples:
${examples.join('')}`
}
