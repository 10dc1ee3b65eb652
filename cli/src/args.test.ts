import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { asked } from './args.ts'
import { COMMANDS, COMMON } from './core/commands.ts'
import { bashCompletion, zshCompletion } from './core/completion.ts'
import { commandHelp, generalHelp } from './core/help.ts'

const why = (...words: string[]) => {
  const what = asked(words)
  return what.kind === 'wrong' ? what.why : what.kind
}

describe('the command line', () => {
  it('reads options long and short', () => {
    expect(asked(['check', '--container', 'web', '-r', 'high-cpu'])).toMatchObject({
      kind: 'run',
      values: { container: 'web', rule: 'high-cpu' },
    })
    expect(asked(['completion', 'zsh'])).toMatchObject({ kind: 'run', word: 'zsh' })
  })

  it.each([
    ['an unknown option', ['check', '--bogus'], /unknown option '--bogus'/],
    ['a missing value', ['check', '--container'], /--container.*argument missing/i],
    ['a value that is not one of the few', ['alerts', '--state', 'burning'], 'is one of firing, resolved'],
    ['a word too many', ['status', 'now'], '"now" is one word too many'],
    ['a missing word', ['completion'], 'SHELL is missing; it is one of bash, zsh'],
    ['an unknown command', ['lvie'], 'there is no command "lvie"; commands are live,'],
    ['an option before the command', ['--json', 'alerts'], 'a command comes first'],
  ])('names %s', (_, words, said) => {
    expect(why(...words)).toMatch(typeof said === 'string' ? new RegExp(said.replaceAll('?', '\\?')) : said)
  })

  it('nothing, help and --help show help', () => {
    expect([why(), why('help'), why('--help'), why('check', '-h'), why('help', 'check')]).toEqual(Array(5).fill('help'))
  })
})

describe('help', () => {
  it('every command is in the overview, and shows each of its options and an example', () => {
    for (const command of COMMANDS) {
      expect(generalHelp()).toContain(`  ${command.name}`)
      const text = commandHelp(command)
      for (const { name } of [...command.options, ...COMMON]) expect(text).toContain(`--${name}`)
      expect(command.examples.length).toBeGreaterThan(0)
      expect(text).toContain(command.examples[0]?.[0])
    }
  })

  it('every example with our command in it is one the command line takes', () => {
    for (const [line] of COMMANDS.flatMap(({ examples }) => examples)) {
      const words = /plimsoll ([a-z][^|>)]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? []
      expect(asked(words).kind, line).toBe('run')
    }
  })
})

describe('completion', () => {
  const complete = (...words: string[]) => {
    const script = `plimsoll() { echo web; echo worker-1; }
${bashCompletion()}
COMP_WORDS=(plimsoll ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _plimsoll; echo "\${COMPREPLY[*]}"`
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim()
  }

  it('bash: commands, their options, the values of an option, and names of containers', () => {
    expect(complete('c')).toBe('check containers completion')
    expect(complete('check', '--r')).toBe('--rule')
    expect(complete('check', '--rule', 'high')).toBe('high-cpu high-memory')
    expect(complete('check', '-c', 'w')).toBe('web worker-1')
    expect(complete('completion', '')).toContain('bash zsh')
  })

  it('zsh: a script with every command in it', () => {
    for (const { name } of COMMANDS) expect(zshCompletion()).toContain(`    ${name}) _arguments`)
  })
})
