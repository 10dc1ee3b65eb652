/** The silences in force, each with its reason and its end. */

import { useSignal } from '@preact/signals'
import { agoText } from '../core/say.ts'
import { endSilence, fetchSilences } from '../io/api.ts'
import { usePoll } from '../io/poll.ts'
import { now } from '../store.ts'
import { Time } from './alert-list.tsx'

const EVERY_MS = 15_000

export function Silences() {
  const turn = useSignal(0)
  const { answer } = usePoll(fetchSilences, EVERY_MS, String(turn.value))
  const list = answer?.silences ?? []
  if (list.length === 0) return null
  const end = async (id: string) => {
    await endSilence(id)
    turn.value++
  }
  return (
    <section class="card">
      <h2 class="title">Silences</h2>
      <ul class="silences">
        {list.map((one) => (
          <li key={one.id}>
            <span>
              <b>{one.rule ?? 'every alert'}</b> of <b>{one.container ?? 'everything'}</b>,{' '}
              {agoText(one.until - now.value)} more, until <Time at={one.until} />
              <br />
              <span class="quiet">{one.reason}</span>
            </span>
            <button type="button" onClick={() => void end(one.id)}>
              End it
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
