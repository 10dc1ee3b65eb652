import { WIRE_VERSION } from '@plimsoll/contracts/live'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { container, fleet, fleetAlerts, hostAnswer, NOON, snapshot } from '../../../tests/support/fake-fleet.ts'
import { ASCII, UNICODE } from './bar.ts'
import { lineWidth, plainText } from './line.ts'
import { type Look, screen } from './screen.ts'
import { type Action, EMPTY, reduce, type State } from './state.ts'
import { FIRST_UI, type Ui } from './ui.ts'

const look = (columns: number, rows: number): Look => ({
  size: { columns, rows },
  now: NOON + 500,
  glyphs: UNICODE,
  where: 'http://m:8001',
})
const state = reduce(EMPTY, { kind: 'snapshot', snapshot: snapshot(fleet(), fleetAlerts()) })
const text = (of: State, ui: Ui, at: Look = look(80, 24)) =>
  screen(of, ui, at).lines.map((line) => plainText(line).trimEnd())
const views: readonly Ui['view'][] = [
  { kind: 'table' },
  { kind: 'detail', name: 'worker-1' },
  { kind: 'alerts' },
  { kind: 'help', from: { kind: 'table' } },
]

describe('the screen', () => {
  it('fills every size exactly and is never wider than the terminal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 220 }),
        fc.integer({ min: 5, max: 70 }),
        fc.constantFrom(...views),
        fc.boolean(),
        (columns, rows, view, typing) => {
          const { lines } = screen(
            state,
            { ...FIRST_UI, view, typing, filter: typing ? 'e'.repeat(60) : '' },
            look(columns, rows),
          )
          expect(lines).toHaveLength(rows)
          for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })

  it('at 80 columns a row has name, state, levels with marks, network, response and restarts', () => {
    const rows = text(state, FIRST_UI)
    expect(rows[3]).toBe('  NAME              STATE↓        CPU            MEM             NET   RESP  RST')
    expect(rows[4]).toBe('▲ migrate           exited 137      –              –               –           0')
    expect(rows[5]).toBe('△ worker-1          running    187.5% █┃█████▌  350M ██████┃▎   120k           3')
    expect(rows[8]).toBe('  web               healthy     12.3% ▉··┃····  212M ███▎··┃·   2.4k   12ms    0')
  })

  it('says host, engine and its own cost on top', () => {
    const own = reduce(state, { kind: 'own', own: { cpuPercent: 1.4, rssBytes: 88 * 1024 ** 2 } })
    const [first, second] = text(own, FIRST_UI)
    expect(first).toMatch(/^Plimsoll web1 · Docker 28\.3\.0 · 8 cores · 16\.0 GiB +● live \d\d:00:00$/)
    expect(second).toMatch(/^5 containers, 4 running · ▲ 1 critical △ 1 warning +monitor 1\.4 % CPU, 88\.0 MiB$/)
  })

  it('shows the host with its marks where the monitor tells of it, and keeps to the rows', () => {
    const known = reduce(state, { kind: 'host', host: hostAnswer() })
    const rows = text(known, FIRST_UI)
    expect(rows[2]).toBe('host  CPU ██▋···┃· 34.1%  MEM ████▌··┃ 56.3%  load 2.10  engine ██████┃▏ 90.0%')
    const lost = reduce(known, { kind: 'lost', at: NOON, why: null })
    expect(text(lost, FIRST_UI)[2]).toContain('is away')
    expect(text(lost, FIRST_UI)[3]).toMatch(/^host {2}CPU/)
    expect(screen(lost, FIRST_UI, look(80, 24)).lines).toHaveLength(24)
    expect(text(reduce(known, { kind: 'host', host: null }), FIRST_UI)[2]).toBe('')
  })

  it('a hostile name or image stays text', () => {
    const evil = container('evil', {}, { image: '\u001b[2J\u0007', name: 'a\u001b]0;x\u0007' })
    const rows = text(reduce(EMPTY, { kind: 'snapshot', snapshot: snapshot([evil], []) }), FIRST_UI, look(160, 10))
    expect(rows.join('')).not.toMatch(/\p{Cc}/u)
    expect(rows[4]).toContain('a�]0;x�')
  })

  it('the row of the cursor is always seen, and where it is of how many', () => {
    const many = Array.from({ length: 100 }, (_, i) => container(`app-${i}`))
    const big = reduce(EMPTY, { kind: 'snapshot', snapshot: snapshot(many, []) })
    const rows = text(big, { ...FIRST_UI, sort: 'name', selected: 'app-57' })
    expect(rows.some((row) => row.includes('app-57'))).toBe(true)
    expect(rows.at(-1)).toMatch(/58 of 100$/)
    expect(rows.filter((row) => row.includes('app-'))).toHaveLength(19)
  })

  it('a filter that matches nothing says so and how to undo it', () => {
    expect(text(state, { ...FIRST_UI, filter: 'zzz' })[4]).toBe(
      '  None of 5 containers matches "zzz". Esc clears the filter.',
    )
  })
})

describe('what a reader must know first', () => {
  const banner = (...actions: Action[]) => text(actions.reduce(reduce, state), FIRST_UI, look(160, 24))[2]

  it('the monitor is away: since when the numbers stand still, and that it is tried again', () => {
    expect(banner({ kind: 'lost', at: NOON, why: 'connection refused' })).toMatch(
      /^The monitor at http:\/\/m:8001 is away: connection refused\. What you see is from \d\d:00:00; trying again\.$/,
    )
  })

  it('the engine is away: what to do about it', () => {
    const engine = {
      state: 'unreachable',
      since: NOON - 12_000,
      where: 'x',
      error: 'ENOENT',
      advice: 'Start Docker.',
    } as const
    expect(banner({ kind: 'engine', engine })).toBe('The engine has not answered for 12 s: ENOENT. Start Docker.')
  })

  it('a monitor of another version is not guessed at', () => {
    const hello = { wire: WIRE_VERSION + 1, build: '', at: NOON, sampleIntervalMs: 1, historyMs: 1, target: null }
    expect(banner({ kind: 'hello', hello })).toContain('speaks version')
  })

  it('numbers that stopped coming are not called live', () => {
    const late = screen(state, FIRST_UI, { ...look(80, 24), now: NOON + 60_000 }).lines[0] ?? []
    expect(plainText(late)).toContain('● no numbers for 1 min')
  })
})

describe("a container's own page", () => {
  it('shows its levels, outages and alerts', () => {
    const history = {
      name: 'worker-1',
      from: NOON - 900_000,
      to: NOON,
      stepMs: 1000,
      at: [NOON - 1000],
      columns: { cpuPercent: [90] },
      spans: [{ from: NOON - 600_000, to: NOON - 576_500, condition: 'down', why: 'exited by itself, exit code 1' }],
    } as const
    const at = { ...look(100, 40), glyphs: ASCII }
    const seen = [
      { kind: 'look', name: 'worker-1' },
      { kind: 'history', history },
    ] as const
    const rows = text(
      seen.reduce<State>(reduce, { ...state }),
      { ...FIRST_UI, view: { kind: 'detail', name: 'worker-1' } },
      at,
    ).join('\n')
    expect(rows).toContain('187.5 %, 93.8 % of its share, mark 40 %')
    expect(rows).toContain('350 MiB of 384 MiB, mark 80 %')
    expect(rows).toContain('15 min, max 90.0 %')
    expect(rows).toMatch(/down 23 s: exited by itself, exit code 1/)
    expect(rows).toMatch(/Alerts\n {2}\? high-cpu {2}worker-1 {2}since .*, for 20 min\n {6}CPU 187\.5 %/)
  })

  it('of a container that is gone says that', () => {
    expect(text(state, { ...FIRST_UI, view: { kind: 'detail', name: 'gone' } })[4]).toContain(
      'no container of this name',
    )
  })
})
