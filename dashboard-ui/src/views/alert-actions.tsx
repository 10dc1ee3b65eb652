/** What a person says to an alert: that somebody looks after it, or that it is to be quiet for a while and why. */
import type { AlertView } from '@plimsoll/contracts/alert'
import { useSignal } from '@preact/signals'
import { handledText } from '../core/say.ts'
import { acknowledge, type Fetched, silence } from '../io/api.ts'
import { dispatch } from '../wiring.ts'

const SPANS = [
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['1d', '1 day'],
  ['7d', '7 days'],
] as const

function useAnswer() {
  const said = useSignal<string | null>(null)
  const tell = async <T,>(asked: Promise<Fetched<T>>, done: (answer: T) => string) => {
    said.value = 'Telling the monitor.'
    const got = await asked
    said.value = got.ok ? done(got.answer) : `The monitor refused: ${got.why}.`
  }
  return { said: said.value, tell }
}

function Silence(props: { alert: AlertView; onSubmit: (form: FormData) => void }) {
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit(new FormData(event.currentTarget))
      }}
    >
      <label>
        Silence for{' '}
        <select name="for">
          {SPANS.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label class="why">
        because <input name="reason" required maxLength={500} placeholder="why, for whoever wonders later" />
      </label>
      <button type="submit">Silence</button>
    </form>
  )
}

/** The two things one can say. What comes of them arrives as any other change of the alert. */
export function AlertActions(props: { alert: AlertView }) {
  const { alert } = props
  const { said, tell } = useAnswer()
  const firing = alert.resolvedAt === null
  const onAcknowledge = () =>
    void tell(acknowledge(alert.id, ''), (answer) => {
      dispatch({ kind: 'alerts', alerts: [answer] })
      return 'Acknowledged: it is not repeated any more.'
    })
  const onSilence = (form: FormData) => {
    const asked = { rule: alert.rule, for: String(form.get('for')), reason: String(form.get('reason')) }
    void tell(
      silence({ ...asked, container: alert.container }),
      () => 'Silenced. It is still recorded, and not delivered.',
    )
  }
  return (
    <section class="card wide actions">
      <h2>Say something to it</h2>
      {alert.handled !== undefined && <p>{handledText(alert)}</p>}
      <div class="say">
        {firing && alert.handled?.state !== 'acknowledged' && (
          <button type="button" onClick={onAcknowledge}>
            Acknowledge
          </button>
        )}
        <Silence alert={alert} onSubmit={onSilence} />
      </div>
      <p class="note" role="status">
        {said ??
          `A silence holds back ${alert.rule}${alert.container === null ? '' : ` of ${alert.container}`}, nothing else.`}
      </p>
    </section>
  )
}
