/** Every command with its options, written once: parsing, help and completion are made from it. */
import { RULE_NAMES } from '@plimsoll/contracts/alert'
import { SAYING } from './commands-say.ts'

/** What completion offers for a word that the monitor knows. */
export type Completes = 'container' | 'alert' | 'silence'

export interface Option {
  readonly name: string
  readonly short?: string
  /** What stands after it, as help names it; without one it is a switch. */
  readonly value?: string
  readonly doc: string
  /** The values it takes, when they are few. */
  readonly choices?: readonly string[]
  /** What completion offers as its value. */
  readonly completes?: 'container'
  /** The command does nothing without it. */
  readonly required?: true
}

export interface Command {
  readonly name: string
  readonly summary: string
  readonly about: readonly string[]
  readonly options: readonly Option[]
  readonly examples: readonly (readonly [string, string])[]
  /** The word after the command, as help names it; none without. `choices` is `null` where any word will do. */
  readonly words?: {
    readonly name: string
    readonly choices: readonly string[] | null
    readonly optional?: true
    readonly completes?: Completes
  }
}

/** Options every command has. */
export const COMMON: readonly Option[] = [
  { name: 'url', value: 'URL', doc: 'where the monitor is (MONITOR_URL, else http://127.0.0.1:8001)' },
  { name: 'no-color', doc: 'no colours; so does the environment variable NO_COLOR' },
  { name: 'help', short: 'h', doc: 'this help' },
]

const json: Option = { name: 'json', doc: 'the answer as JSON' }
const container: Option = {
  name: 'container',
  short: 'c',
  value: 'NAME',
  doc: 'this container only',
  completes: 'container',
}

export const COMMANDS: readonly Command[] = [
  {
    name: 'live',
    summary: 'a live view like top: every container, its level and its mark',
    about: [
      'Keys: ? shows them all, q quits. Where the output is not a terminal, one table is printed;',
      'with --watch a line for each container, again and again.',
    ],
    options: [
      { name: 'watch', short: 'w', doc: 'plain lines instead of a screen, until Ctrl-C' },
      { name: 'interval', short: 'i', value: 'TIME', doc: 'how often --watch prints (2s, 1m; 5s unless given)' },
      { name: 'ascii', doc: 'draw with ASCII characters only' },
    ],
    examples: [
      ['plimsoll live', 'on this machine'],
      ['docker compose exec monitor plimsoll live', 'in the stack'],
      ['plimsoll live --watch --interval 10s >> containers.txt', 'lines for a file'],
    ],
  },
  {
    name: 'check',
    summary: 'one line and an exit code, as monitoring plugins use them',
    about: [
      'Exit code 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; numbers for graphs stand after the |.',
      'The verdict is that of the alerts that fire. A container named by --container that is not',
      'running is at least a WARNING.',
    ],
    options: [
      container,
      { name: 'rule', short: 'r', value: 'NAME', doc: 'only what this rule says', choices: RULE_NAMES },
    ],
    examples: [
      ['plimsoll check', 'everything the monitor watches'],
      ['plimsoll check --container web', 'one container, with its CPU, memory and response time'],
      ['plimsoll check --rule high-memory || mail -s memory ops@example.com', 'in a script'],
    ],
  },
  {
    name: 'containers',
    summary: 'all containers with their newest numbers, as a table',
    about: ['A number that is over its mark is followed by "!"; an en dash is "not known".'],
    options: [{ name: 'names', doc: 'the names alone, one a line' }, json],
    examples: [
      ['plimsoll containers', ''],
      ['plimsoll containers --json | jq -r ".containers[].name"', ''],
    ],
  },
  {
    name: 'alerts',
    summary: 'what fires and what fired',
    about: ['What fires first, the critical before the others, then the newest.'],
    options: [
      { name: 'state', short: 's', value: 'STATE', doc: 'only alerts of this state', choices: ['firing', 'resolved'] },
      container,
      { name: 'limit', short: 'n', value: 'COUNT', doc: 'at most so many (50 unless given)' },
      { name: 'ids', doc: 'the ids alone, one a line' },
      json,
    ],
    examples: [
      ['plimsoll alerts', ''],
      ['plimsoll alerts --state firing', 'what needs somebody now'],
      ['plimsoll alerts --container web --json', ''],
    ],
  },
  {
    name: 'status',
    summary: 'how the monitor itself is: engine, own cost, files, delivery',
    about: ['Exit code 0 when all is well, 1 when something is degraded.'],
    options: [json],
    examples: [['plimsoll status', '']],
  },
  ...SAYING,
  {
    name: 'monitor',
    summary: 'one sample of every container as lines, for cron',
    about: [
      'Asks the running monitor and prints a line for each container, then one for each alert that',
      'fires. When the monitor is away, that is the line, and the exit code is 69.',
    ],
    options: [
      { name: 'csv', value: 'FILE', doc: 'also append the sample to this CSV file (columns as in the metrics files)' },
      container,
    ],
    examples: [
      ['plimsoll monitor', ''],
      ['*/10 * * * * plimsoll monitor >> logs/cron_monitor.log', 'in a crontab'],
      ['plimsoll monitor --csv samples.csv > /dev/null', ''],
    ],
  },
  {
    name: 'report',
    summary: 'what happened in the last hours: uptime, outages, levels, alerts, growth',
    about: [
      'Uptime is exact to the second; a planned stop counts as down and is named planned. The HTML is one',
      'file with charts, for mail and print. CSV has a row a container, seconds and bytes.',
    ],
    options: [
      { name: 'since', short: 's', value: 'TIME', doc: 'how far back: 1h, 24h, 7d (24h unless given)' },
      { name: 'until', value: 'TIME', doc: 'its end as an ISO 8601 time (now unless given)' },
      {
        name: 'format',
        short: 'f',
        value: 'FORMAT',
        doc: 'how it is written',
        choices: ['text', 'html', 'csv', 'json'],
      },
      container,
      { name: 'stress', value: 'FILE', doc: 'a JSON report of the stress generator: its runs in this time are listed' },
    ],
    examples: [
      ['plimsoll report', 'the last day'],
      ['plimsoll report --since 7d --format html > week.html', 'to mail or print'],
      ['plimsoll report --since 1h --container web', 'one container'],
      ['plimsoll report --format csv --until 2026-11-21T00:00:00Z > yesterday.csv', 'a day in UTC'],
    ],
  },
  {
    name: 'completion',
    summary: 'completion for a shell',
    about: ['Prints a script for the shell to read.'],
    options: [],
    examples: [
      ['source <(plimsoll completion bash)', 'in ~/.bashrc'],
      ['source <(plimsoll completion zsh)', 'in ~/.zshrc, after compinit'],
    ],
    words: { name: 'SHELL', choices: ['bash', 'zsh'] },
  },
]

export function commandNamed(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name)
}
