/** The commands by which a person says something to alerts, and asks what rules would have said. */
import type { Command, Option } from './commands.ts'

const json: Option = { name: 'json', doc: 'the answer as JSON' }
const ids: Option = { name: 'ids', doc: 'the ids alone, one a line' }

export const SAYING: readonly Command[] = [
  {
    name: 'silence',
    summary: 'hold back alerts for a while, with a reason',
    about: [
      'What fires under it is written and shown, but not delivered; what still fires when it ends is told then.',
      'In names * stands for any letters. Without CONTAINER it is for every container, without --rule for every rule;',
      'without both for everything, the alerts of the host and of the monitor too.',
    ],
    options: [
      { name: 'rule', short: 'r', value: 'NAME', doc: 'only this rule (high-*)' },
      { name: 'for', value: 'TIME', doc: 'for how long: 45m, 2h, up to 30d', required: true },
      { name: 'reason', value: 'TEXT', doc: 'why, for whoever wonders later', required: true },
      json,
    ],
    examples: [
      ['plimsoll silence web --for 2h --reason migration', 'one container'],
      ['plimsoll silence web-* --rule high-* --for 45m --reason load-test', 'some rules of some containers'],
      ['plimsoll silence --for 10m --reason reboot', 'everything'],
    ],
    words: { name: 'CONTAINER', choices: null, optional: true, completes: 'container' },
  },
  {
    name: 'silences',
    summary: 'the silences in force',
    about: ['The newest first, each with the id that ends it.'],
    options: [ids, json],
    examples: [['plimsoll silences', '']],
  },
  {
    name: 'unsilence',
    summary: 'end a silence before its time',
    about: ['What it held back and still fires is then told. Exit code 1 when no silence of this id is in force.'],
    options: [],
    examples: [['plimsoll unsilence 01KAHZ8M3Q4D7X2T9V5B6C1E0F', 'the id stands in plimsoll silences']],
    words: { name: 'ID', choices: null, completes: 'silence' },
  },
  {
    name: 'ack',
    summary: 'somebody looks after an alert: it is not repeated any more',
    about: ['That it is over is still told. Exit code 1 when no alert of this id fires.'],
    options: [{ name: 'note', value: 'TEXT', doc: 'what the others should know' }],
    examples: [
      ['plimsoll ack 01KAHZ8M3Q4D7X2T9V5B6C1E0F --note mine', 'the id stands in plimsoll alerts --state firing'],
    ],
    words: { name: 'ALERT-ID', choices: null, completes: 'alert' },
  },
  {
    name: 'backtest',
    summary: 'what the rules in force, or changed ones, would have sent on the stored history',
    about: [
      'The monitor replays each container by its stored rows, so the answer is as fine as they are: 10 s of the last day,',
      '1 min of two weeks, 15 min of what is older. BY PEAKS is an upper bound, judged by the highest sample of each row.',
      'REALLY SENT is what fired then, by whatever rules were in force.',
    ],
    options: [
      { name: 'days', short: 'd', value: 'COUNT', doc: 'how far back, 1 to 400 (7 unless given)' },
      {
        name: 'rules',
        value: 'FILE',
        doc: 'a changed rules file (YAML; - for standard input); those in force unless given',
      },
      json,
    ],
    examples: [
      ['plimsoll backtest', 'the rules in force, the last week'],
      ['plimsoll backtest --days 2 --rules alerts-new.yaml', 'before a change is made'],
    ],
  },
]
