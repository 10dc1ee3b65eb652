/** The list of keys, and what they do. */
import { useEffect, useRef } from 'preact/hooks'
import { keysOpen } from '../choices.ts'
import { KEYS } from '../keys.ts'

export function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = keysOpen.value
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <dialog
      ref={dialog}
      class="keys"
      closedby="any"
      aria-label="Keys"
      onClose={() => {
        keysOpen.value = false
      }}
    >
      <h2 class="title">Keys</h2>
      <dl>
        {KEYS.map(({ key, doc }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{doc}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  )
}
