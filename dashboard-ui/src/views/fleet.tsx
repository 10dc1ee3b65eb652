/** All containers, by Compose project. */
import { computed, useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { choice, choose } from '../choices.ts'
import { downloadFleet } from '../commands.ts'
import {
  type Choice,
  type Group,
  grouped,
  inPlace,
  isTroubled,
  isUp,
  type SortKey,
  shown,
  sorted,
} from '../core/fleet.ts'
import { containers, engine, latest, link, now, severities } from '../store.ts'
import { FirstStart } from './first-start.tsx'
import { Removed } from './removed.tsx'
import { Row } from './row.tsx'
import { Watch, watched } from './watch.tsx'

const COLUMNS: readonly { readonly sort: SortKey | null; readonly text: string; readonly num?: boolean }[] = [
  { sort: 'name', text: 'Container' },
  { sort: 'state', text: 'State' },
  { sort: 'cpu', text: 'CPU' },
  { sort: 'memory', text: 'Memory' },
  { sort: null, text: 'CPU, 5 min' },
  { sort: 'response', text: 'Response', num: true },
  { sort: 'network', text: 'Network', num: true },
  { sort: null, text: 'Block I/O', num: true },
  { sort: 'restarts', text: 'Restarts', num: true },
  { sort: 'uptime', text: 'Up for', num: true },
]

/** Numbers that change each second would shuffle the rows: the order is made anew this often only. */
const REORDER_MS = 10_000

function onSort(key: SortKey): void {
  const { sort, descending } = choice.value
  // Names begin with A; of numbers the highest is looked for first.
  choose(sort === key ? { descending: !descending } : { sort: key, descending: key !== 'name' && key !== 'state' })
}

function Heads() {
  const { sort, descending } = choice.value
  return (
    <thead>
      <tr>
        {COLUMNS.map((column) => {
          const key = column.sort
          const on = key === sort
          return (
            <th
              key={column.text}
              scope="col"
              class={column.num ? 'num' : undefined}
              aria-sort={on ? (descending ? 'descending' : 'ascending') : undefined}
            >
              {key === null ? (
                column.text
              ) : (
                <button type="button" onClick={() => onSort(key)}>
                  {column.text}
                  <i class="arrow">{on ? (descending ? '↓' : '↑') : ''}</i>
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

/** The groups in an order that is held still between the beats of `REORDER_MS` and while a pointer is on the table. */
function useSteadyGroups() {
  const groups = useSignal<readonly Group[]>([])
  const held = useSignal(false)
  const beat = useSignal(0)
  const made = useRef<{ choice: Choice; beat: number } | null>(null)
  useSignalEffect(() => {
    const turn = Math.floor(now.value / REORDER_MS)
    if (!held.value && turn !== beat.peek()) beat.value = turn
  })
  useSignalEffect(() => {
    const views = shown(containers.value.values(), choice.value, severities.value)
    const same = made.current?.choice === choice.value && made.current.beat === beat.value
    const kept = same ? inPlace(groups.peek(), views) : null
    made.current = { choice: choice.value, beat: beat.value }
    groups.value = kept ?? grouped(sorted(views, choice.value, latest.peek()))
  })
  return { groups: groups.value, held }
}

function Body(props: { group: Group; named: boolean }) {
  const { group } = props
  return (
    <tbody>
      {props.named && (
        <tr class="group">
          <th scope="rowgroup" colSpan={COLUMNS.length}>
            {group.project ?? 'no project'} <small>{group.containers.length}</small>
          </th>
        </tr>
      )}
      {group.containers.map((view) => (
        <Row key={view.name} view={view} />
      ))}
    </tbody>
  )
}

function Tools() {
  const { filter, troubledOnly, stoppedToo, removedToo } = choice.value
  const all = [...containers.value.values()]
  const troubled = all.filter((view) => isTroubled(view, severities.value)).length
  const stopped = all.filter((view) => !isUp(view)).length
  // The first heading of the page is its highest.
  const Title = watched.value === null ? 'h1' : 'h2'
  return (
    <search class="tools">
      <Title class="title">
        Fleet <small>{all.length - stopped} running</small>
      </Title>
      <input
        id="filter"
        type="search"
        placeholder="Filter   /"
        aria-label="Filter containers by name, image, project or state"
        value={filter}
        onInput={(event) => choose({ filter: event.currentTarget.value })}
      />
      <button type="button" aria-pressed={troubledOnly} onClick={() => choose({ troubledOnly: !troubledOnly })}>
        Troubled <b>{troubled}</b>
      </button>
      <button type="button" aria-pressed={stoppedToo} onClick={() => choose({ stoppedToo: !stoppedToo })}>
        Stopped <b>{stopped}</b>
      </button>
      <button type="button" aria-pressed={removedToo} onClick={() => choose({ removedToo: !removedToo })}>
        Removed
      </button>
      <button type="button" onClick={downloadFleet}>
        CSV
      </button>
    </search>
  )
}

/** Why no row is shown, and what to press. */
function Nothing() {
  const { filter, troubledOnly, stoppedToo } = choice.value
  const all = containers.value.size
  const clear = () => choose({ filter: '', troubledOnly: false })
  if (troubledOnly && filter === '')
    return (
      <p class="empty">
        None is troubled.{' '}
        <button type="button" onClick={clear}>
          Show all
        </button>
      </p>
    )
  if (filter !== '' || stoppedToo)
    return (
      <p class="empty">
        No container matches.{' '}
        <button type="button" onClick={clear}>
          Clear the filter
        </button>
      </p>
    )
  return (
    <p class="empty">
      None runs; {all === 1 ? 'one is' : `${all} are`} stopped.{' '}
      <button type="button" onClick={() => choose({ stoppedToo: true })}>
        Show {all === 1 ? 'it' : 'them'}
      </button>{' '}
      A stopped Compose stack starts with <code>docker compose start</code> in its folder.
    </p>
  )
}

function Fleet() {
  const { groups, held } = useSteadyGroups()
  const named = groups.length > 1 || groups[0]?.project != null
  return (
    <section aria-label="Fleet">
      <Tools />
      <div
        class="card fleet"
        onPointerEnter={() => {
          held.value = true
        }}
        onPointerLeave={() => {
          held.value = false
        }}
      >
        <table aria-label="Containers">
          <Heads />
          {groups.map((group) => (
            <Body key={group.project ?? ''} group={group} named={named} />
          ))}
        </table>
        {groups.length === 0 && <Nothing />}
      </div>
      {choice.value.removedToo && <Removed />}
    </section>
  )
}

const isEmpty = computed(() => containers.value.size === 0)

/**
 * The landing page: the watched container's instruments above, everything below. It is drawn once: when it was drawn anew
 * for every round, the instruments' old nodes stayed in memory, 75 kB a second.
 */
export function FleetPage() {
  if (isEmpty.value) return <FirstStart link={link.value} engine={engine.value} />
  return (
    <main id="main">
      <Watch />
      <Fleet />
    </main>
  )
}
