import { describe, expect, it } from 'vitest'
import { alert, container } from './fixture.ts'
import { agoText, bannerText, engineTrouble, handledText, titleText, toneOf } from './say.ts'

const now = 3 * 3_600_000

describe('the sentence above a container', () => {
  const probe = { url: 'http://web/health', at: 0, ok: true, responseMs: 12, detail: '200' }

  it('says how it is and since when', () => {
    expect(bannerText(container({ health: 'healthy', probe }), now)).toBe(
      'Running for 3 h, healthy, answering in 12 ms.',
    )
    expect(bannerText(container({ restarts: 2 }), now)).toBe('Running for 3 h, restarted 2 times by the engine.')
    expect(bannerText(container({ probe: { ...probe, ok: false, detail: '503' } }), now)).toBe(
      'Running for 3 h; its health address fails: 503.',
    )
  })

  it('says why it is away, and since when', () => {
    const span = { from: now - 125_000, to: null, condition: 'down', why: 'killed (SIGKILL)' } as const
    expect(bannerText(container({ state: 'exited', span }), now)).toBe('Away for 2 min 5 s: killed (SIGKILL).')
  })
})

describe('tones', () => {
  it('lets what fires decide, then the state', () => {
    expect(toneOf(container(), null)).toBe('good')
    expect(toneOf(container(), 'critical')).toBe('bad')
    expect(toneOf(container(), 'warning')).toBe('warn')
    expect(toneOf(container({ state: 'exited' }), null)).toBe('quiet')
  })
})

describe('what a person said to an alert', () => {
  it('is told once, with its reason', () => {
    const said = (state: 'acknowledged' | 'silenced', why: string) =>
      handledText(alert({ handled: { state, at: 1, why } }))
    expect(handledText(alert())).toBeNull()
    expect(said('acknowledged', 'acknowledged')).toBe('acknowledged')
    expect(said('silenced', 'silenced: we know')).toBe('silenced: we know')
    expect(said('silenced', 'we know')).toBe('silenced: we know')
  })
})

describe('the tab', () => {
  it('names the one that fires, counts several, and is calm without', () => {
    expect(titleText([], null)).toBe('Plimsoll')
    expect(titleText([alert({ resolvedAt: 9 })], 'web')).toBe('web · Plimsoll')
    expect(titleText([alert()], null)).toBe('△ high-cpu web · Plimsoll')
    expect(titleText([alert(), alert({ severity: 'critical' })], null)).toBe('▲ 2 alerts · Plimsoll')
  })
})

describe('times in sentences', () => {
  it('drop the seconds from ten minutes on', () => {
    expect([agoText(-5), agoText(65_400), agoText(700_000)]).toEqual(['0 s', '1 min 5 s', '11 min'])
  })
})

describe('an engine that is away', () => {
  it('comes with its advice, and is silent when all is well', () => {
    const away = {
      state: 'unreachable',
      since: now - 5000,
      where: 'sock',
      error: 'ENOENT',
      advice: 'Start Docker.',
    } as const
    expect(engineTrouble(away, now)).toEqual({
      what: 'The Docker engine has not answered for 5 s: ENOENT',
      next: 'Start Docker.',
    })
    expect(engineTrouble(null, now)).toBeNull()
  })
})
