/** Completion scripts for bash and zsh, made from the commands' own declarations. */
import { COMMANDS, COMMON, type Command, type Completes, type Option } from './commands.ts'

const flags = (command: Command): string =>
  [...command.options, ...COMMON].flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]).join(' ')

// Names come from the monitor; one that is away completes nothing and says nothing.
const KNOWN: Readonly<Record<Completes, string>> = {
  container: 'plimsoll containers --names 2>/dev/null',
  alert: 'plimsoll alerts --state firing --ids 2>/dev/null',
  silence: 'plimsoll silences --ids 2>/dev/null',
}

function valueCases(indent: string): string {
  const options = new Map<string, Option>()
  for (const option of COMMANDS.flatMap((command) => command.options))
    if (option.choices !== undefined || option.completes !== undefined) options.set(option.name, option)
  const pattern = ({ name, short }: Option) => (short === undefined ? `--${name}` : `--${name}|-${short}`)
  const words = ({ choices }: Option) => (choices === undefined ? `$(${KNOWN.container})` : choices.join(' '))
  return [...options.values()].map((option) => `${indent}${pattern(option)}) words="${words(option)}" ;;\n`).join('')
}

function wordsOf({ words }: Command): string {
  if (words === undefined) return ''
  if (words.choices !== null) return `${words.choices.join(' ')} `
  return words.completes === undefined ? '' : `$(${KNOWN[words.completes]}) `
}

function commandCases(indent: string): string {
  return COMMANDS.map((command) => `${indent}${command.name}) words="${wordsOf(command)}${flags(command)}" ;;\n`).join(
    '',
  )
}

export function bashCompletion(): string {
  return `# plimsoll completion for bash: source <(plimsoll completion bash)
_plimsoll() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${COMMANDS.map(({ name }) => name).join(' ')} --help"
  else
    case "$before" in
${valueCases('    ')}    --url|--interval|-i|--limit|-n|--since|--until|--for|--reason|--note|--days|-d) return ;;
    --rules) COMPREPLY=($(compgen -f -- "$word")); return ;;
    *)
      case "\${COMP_WORDS[1]}" in
${commandCases('      ')}      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _plimsoll plimsoll
`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const described = (text: string): string => text.replaceAll(/[[\]:]/g, '\\$&')

function zshOption(option: Option): string {
  const { name, short, value, doc, choices, completes } = option
  const action =
    choices !== undefined ? `(${choices.join(' ')})` : completes === 'container' ? '_plimsoll_containers' : ''
  const rest = `[${described(doc)}]${value === undefined ? '' : `:${value}:${action}`}`
  return short === undefined ? quoted(`--${name}${rest}`) : `{--${name},-${short}}${quoted(rest)}`
}

function zshWord({ words }: Command): readonly string[] {
  if (words === undefined) return []
  const { name, choices, completes } = words
  const action = choices !== null ? `(${choices.join(' ')})` : completes === undefined ? '' : `_plimsoll_${completes}s`
  return [quoted(`${words.optional === true ? '::' : '1:'}${name}:${action}`)]
}

export function zshCompletion(): string {
  const list = COMMANDS.map(({ name, summary }) => `    ${quoted(`${name}:${described(summary)}`)}\n`).join('')
  const cases = COMMANDS.map((command) => {
    const all = [...zshWord(command), ...[...command.options, ...COMMON].map(zshOption)]
    return `    ${command.name}) _arguments ${all.join(' ')} ;;\n`
  }).join('')
  return `#compdef plimsoll
# plimsoll completion for zsh: source <(plimsoll completion zsh), after compinit
_plimsoll_containers() { compadd -- \${(f)"$(${KNOWN.container})"} }
_plimsoll_alerts() { compadd -- \${(f)"$(${KNOWN.alert})"} }
_plimsoll_silences() { compadd -- \${(f)"$(${KNOWN.silence})"} }
_plimsoll() {
  local -a commands=(
${list}  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  words=("\${(@)words[2,-1]}")
  (( CURRENT-- ))
  case $command in
${cases}  esac
}
if [ "$funcstack[1]" = _plimsoll ]; then _plimsoll "$@"; else compdef _plimsoll plimsoll; fi
`
}
