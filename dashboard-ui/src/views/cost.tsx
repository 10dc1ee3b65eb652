/** What watching costs: the monitor, and the engine because of it. */
import { memoryText, percentText, UNKNOWN } from '@plimsoll/contracts/text'
import { agoText } from '../core/say.ts'
import { status } from '../status.ts'
import { now } from '../store.ts'
import { type Fact, FactList } from './facts.tsx'

/** A card of the monitor's own state. */
export function Cost() {
  const view = status.value
  if (view === null) return null
  const { own, sampler, cost, sources, sinks } = view
  const facts: readonly Fact[] = [
    ['Monitor', `${percentText(own.cpuPercent)} of a core, ${memoryText(own.rssBytes)}`],
    [
      'Engine, for it',
      cost?.engineEstimatePercent == null ? UNKNOWN : `about ${percentText(cost.engineEstimatePercent)} of a core`,
    ],
    ['Budget', cost === undefined ? UNKNOWN : `${percentText(cost.budgetPercent, 0)} of a core`],
    [
      'Sampling',
      `every ${sampler.intervalMs / 1000} s, the last round took ${sampler.lastRoundMs === null ? UNKNOWN : `${Math.round(sampler.lastRoundMs)} ms`}`,
    ],
    ['Slowed', sampler.slowed ?? 'no'],
    ['Late rounds', String(sampler.lateRounds)],
    ['Read from', sources?.map(({ source, containers }) => `${containers} × ${source}`).join('; ') || UNKNOWN],
    ['Viewers', String(view.viewers)],
    ['Running for', agoText(now.value - view.startedAt)],
    ...sinks.map(({ name, ok, error }) => [name, ok ? 'written' : `not written: ${error ?? 'unknown'}`] as const),
  ]
  return (
    <section class="card">
      <h2>What watching costs</h2>
      <FactList facts={facts} />
    </section>
  )
}
