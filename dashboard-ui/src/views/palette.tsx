/** The command palette: type a few letters, press Enter. */
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { paletteOpen } from '../choices.ts'
import { type Command, commandsFor } from '../commands.ts'

function useDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = paletteOpen.value
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return dialog
}

function Option(props: { command: Command; on: boolean; run: (command: Command) => void }) {
  const { command } = props
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys
    // biome-ignore lint/a11y/useFocusableInteractive: an option of a combobox is pointed at, never focused
    <div id={`command-${command.id}`} role="option" aria-selected={props.on} onClick={() => props.run(command)}>
      {command.text} <small>{command.note}</small>
    </div>
  )
}

export function Palette() {
  const dialog = useDialog()
  const query = useSignal('')
  const place = useSignal(0)
  const found = paletteOpen.value ? commandsFor(query.value) : []
  const at = Math.min(place.value, found.length - 1)
  const run = (command: Command | undefined) => {
    paletteOpen.value = false
    command?.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') run(found[at])
    else if (event.key === 'ArrowDown') place.value = (at + 1) % Math.max(1, found.length)
    else if (event.key === 'ArrowUp') place.value = (at - 1 + found.length) % Math.max(1, found.length)
    else return
    event.preventDefault()
  }
  const onClose = () => {
    paletteOpen.value = false
    query.value = ''
    place.value = 0
  }
  return (
    <dialog ref={dialog} class="palette" aria-label="Commands" closedby="any" onClose={onClose}>
      <input
        role="combobox"
        aria-label="Command or container"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found[at] === undefined ? undefined : `command-${found[at].id}`}
        placeholder="Go to, show, change"
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value
          place.value = 0
        }}
        onKeyDown={onKeyDown}
      />
      <div id="commands" role="listbox" aria-label="Commands">
        {found.map((command, i) => (
          <Option key={command.id} command={command} on={i === at} run={run} />
        ))}
      </div>
      {found.length === 0 && <p class="empty">Nothing of this name.</p>}
    </dialog>
  )
}
