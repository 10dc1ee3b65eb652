/** Containers that the engine no longer has and of which history is stored. */
import { LIVE, routeHash } from '../core/route.ts'
import { fetchRemoved } from '../io/api.ts'
import { usePoll } from '../io/poll.ts'
import { Time } from './alert-list.tsx'

const EVERY_MS = 30_000
const AFTER_MS = 60_000
const BEFORE_MS = 15 * 60_000

/** A link shows its last quarter of an hour: live there is nothing to see. */
function lastMinutes(name: string, lastAt: number): string {
  const range = { kind: 'fixed' as const, from: lastAt - BEFORE_MS, to: lastAt + AFTER_MS }
  return routeHash({ view: 'container', name, range: Number.isFinite(lastAt) ? range : LIVE })
}

export function Removed() {
  const { answer, why } = usePoll(fetchRemoved, EVERY_MS, 'removed')
  const list = answer?.removed ?? []
  return (
    <section class="card removed" aria-label="Removed containers">
      <h2>Removed, with what was recorded of them</h2>
      {list.length === 0 ? (
        <p class="empty">{why ?? (answer === null ? 'Asking the monitor.' : 'None is remembered.')}</p>
      ) : (
        <div class="scroll">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Container</th>
                <th scope="col">Image</th>
                <th scope="col">First seen</th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {list.slice(0, 200).map((one) => (
                <tr key={one.name}>
                  <td>
                    <a href={lastMinutes(one.name, one.lastAt)}>{one.name}</a>
                  </td>
                  <td>{one.image}</td>
                  <td class="time">
                    <Time at={one.firstAt} />
                  </td>
                  <td class="time">
                    <Time at={one.lastAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
