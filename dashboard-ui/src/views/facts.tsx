/** Names and values; a value is copied by pressing it. */
import { useSignal } from '@preact/signals'
import { copy } from '../io/download.ts'

export type Fact = readonly [name: string, value: string]

function Value(props: { text: string }) {
  const copied = useSignal(false)
  const press = async () => {
    copied.value = await copy(props.text)
    setTimeout(() => {
      copied.value = false
    }, 1500)
  }
  return (
    <button type="button" class="copy" title="Copy" onClick={() => void press()}>
      {props.text}
      {copied.value && <small role="status"> copied</small>}
    </button>
  )
}

export function FactList(props: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {props.facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Value text={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
