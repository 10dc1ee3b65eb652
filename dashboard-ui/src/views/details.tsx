/** The newest look at one container: what is not kept, only told when it is asked for. */
import { detailRows } from '../core/detail.ts'
import { fetchContainer } from '../io/api.ts'
import { usePoll } from '../io/poll.ts'

const EVERY_MS = 5000

export function Details(props: { name: string }) {
  const { answer } = usePoll(() => fetchContainer(props.name), EVERY_MS, props.name)
  const rows = answer?.details == null ? [] : detailRows(answer.details)
  return (
    <section class="card">
      <h2>A closer look</h2>
      {rows.length === 0 ? (
        <p class="empty">Nothing more is known of it while it does not run.</p>
      ) : (
        <dl class="facts two">
          {rows.map(([label, value, doc]) => (
            <div key={label} title={doc}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}
