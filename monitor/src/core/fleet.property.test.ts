import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAlive } from './berth.ts'
import type { EngineEvent, Inspected } from './engine-words.ts'
import { seeEvent, seeInspect, seeList } from './fleet.ts'
import { answer, START, type Story, story } from './fleet-story.ts'

/** A model of the engine: what it does to a container, which events it sends, and what inspect says then. */
const DEEDS = ['start', 'stop', 'kill', 'crash', 'pause', 'unpause', 'sicken', 'remove', 'create', 'rename'] as const
type Deed = (typeof DEEDS)[number]

interface Model {
  truth: Inspected | null
  next: number
  ends: number
}

/** `lagMs`: how long after the deed its event is dated and sent. */
function play(model: Model, deed: Deed, sent: number, lagMs: number): EngineEvent[] {
  const at = sent - lagMs
  const { truth } = model
  const event = (action: EngineEvent['action'], over: Partial<EngineEvent> = {}): EngineEvent => {
    const { id = '', name = '', image = '' } = model.truth ?? truth ?? {}
    return { action, id, at: sent, name, image, attributes: {}, health: null, ...over }
  }
  const runs = truth?.state === 'running' || truth?.state === 'paused'
  const ended = (exitCode: number) => {
    model.ends++
    if (truth !== null) model.truth = { ...truth, state: 'exited', exitCode, finishedAt: at, pid: null }
    return event('die', { attributes: { exitCode: String(exitCode) } })
  }
  switch (deed) {
    case 'create':
      if (truth !== null) return []
      model.truth = answer({ id: `c${model.next++}`, state: 'created', startedAt: null, createdAt: at, pid: null })
      return [event('create')]
    case 'start':
      if (truth === null || runs) return []
      model.truth = { ...truth, state: 'running', startedAt: at, exitCode: 0, pid: 7, health: 'none' }
      return [event('start')]
    case 'stop':
      return runs ? [event('kill', { attributes: { signal: '15' } }), event('stop'), ended(0)] : []
    case 'kill':
      return runs ? [event('kill', { attributes: { signal: '9' } }), ended(137)] : []
    case 'crash':
      return runs ? [ended(1)] : []
    case 'pause':
      if (truth?.state !== 'running') return []
      model.truth = { ...truth, state: 'paused' }
      return [event('pause')]
    case 'unpause':
      if (truth?.state !== 'paused') return []
      model.truth = { ...truth, state: 'running' }
      return [event('unpause')]
    case 'sicken':
      if (truth?.state !== 'running') return []
      model.truth = { ...truth, health: 'unhealthy' }
      return [event('health_status', { health: 'unhealthy' })]
    case 'rename':
      if (truth === null) return []
      model.truth = { ...truth, name: `web${model.next++}` }
      return [event('rename')]
    case 'remove': {
      if (truth === null || runs) return []
      const gone = event('destroy')
      model.truth = null
      return [gone]
    }
  }
}

/** What the watcher does after a reconnect, with nothing lost any more. */
function reconcile(one: Story, truth: Inspected | null): void {
  one.take(seeList(one.fleet, truth === null ? [] : [truth], { after: one.fleet.heard, all: true }, one.now))
  if (truth !== null) one.take(seeInspect(one.fleet, truth, one.fleet.heard, one.now))
}

const script = fc.array(
  fc.record({
    deed: fc.constantFrom(...DEEDS),
    fate: fc.constantFrom('told', 'told', 'lost', 'late', 'twice'),
    looks: fc.boolean(),
    waits: fc.integer({ min: 600, max: 5000 }),
    lagMs: fc.integer({ min: 0, max: 590 }),
  }),
  { maxLength: 40 },
)

describe('any interleaving and loss of events, followed by a look at list and inspect', () => {
  it('ends in the state that inspect shows, on an unbroken strip, with no end told twice', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const one = story()
        const model: Model = { truth: null, next: 1, ends: 0 }
        const late: EngineEvent[] = []
        for (const { deed, fate, looks, waits, lagMs } of steps) {
          for (const event of play(model, deed, one.now, lagMs)) {
            if (fate === 'late') late.push(event)
            else if (fate !== 'lost') {
              one.take(seeEvent(one.fleet, event, one.now))
              if (fate === 'twice') one.take(seeEvent(one.fleet, event, one.now))
            }
          }
          if (looks && model.truth !== null) one.take(seeInspect(one.fleet, model.truth, one.fleet.heard, one.now))
          one.wait(waits)
          if (fate === 'told') for (const event of late.splice(0)) one.take(seeEvent(one.fleet, event, one.now))
        }
        one.now += 1000
        reconcile(one, model.truth)
        one.wait(2000)
        reconcile(one, model.truth)
        expectTruth(one, model.truth)
        expect(endsOf(one).length).toBeLessThanOrEqual(model.ends)
      }),
      { numRuns: 500 },
    )
  })
})

function expectTruth(one: Story, truth: Inspected | null): void {
  const lives = [...one.fleet.byId.values()]
  if (truth === null) {
    expect(lives).toEqual([])
    return
  }
  const [life] = lives
  expect(lives).toHaveLength(1)
  expect({ id: life?.id, name: life?.named.name, state: life?.state }).toEqual({
    id: truth.id,
    name: truth.name,
    state: truth.state,
  })
  if (life === undefined) return
  if (isAlive(life)) expect(life.health).toBe(truth.health)
  const condition = truth.state === 'running' ? 'up' : truth.state === 'paused' ? 'paused' : 'down'
  expect(life.named.spans.at(-1)).toMatchObject({ condition, to: null })
  for (const [i, span] of life.named.spans.entries()) expect(span.to).toBe(life.named.spans[i + 1]?.from ?? null)
  expect([life.ending, life.starting]).toEqual([null, null])
  const ends = endsOf(one)
  expect(new Set(ends).size).toBe(ends.length)
  expect(START).toBeLessThan(one.now)
}

function endsOf(one: Story): string[] {
  return one.observations.flatMap((o) => (o.kind === 'ended' ? [`${o.subject.id} ${o.end.at}`] : []))
}
