/** What happened, newest first: planned or not, alarmed or not. */
import type { FleetEvent } from '@plimsoll/contracts/container'
import { useEffect } from 'preact/hooks'
import { LIVE, routeHash } from '../core/route.ts'
import { fetchEvents } from '../io/api.ts'
import { events } from '../store.ts'
import { dispatch } from '../wiring.ts'
import { Time } from './alert-list.tsx'

const ASKED = 200

export function EventList(props: { events: readonly FleetEvent[]; withContainer: boolean }) {
  return (
    <ol class="events">
      {props.events.map((event) => (
        <li key={`${event.at} ${event.no}`} data-kind={event.kind}>
          <Time at={event.at} />
          <span class="kind">{event.kind}</span>
          {props.withContainer && (
            <span class="subject">
              {event.container === null ? (
                'engine'
              ) : (
                <a href={routeHash({ view: 'container', name: event.container, range: LIVE })}>{event.container}</a>
              )}
            </span>
          )}
          <span class="text">{event.text}</span>
        </li>
      ))}
    </ol>
  )
}

/** The timeline of the host. */
export function EventsPage() {
  useEffect(() => {
    void fetchEvents(ASKED).then((got) => got.ok && dispatch({ kind: 'events', events: got.answer.events }))
  }, [])
  return (
    <main id="main">
      <h1>Events</h1>
      <section class="card">
        {events.value.length === 0 ? (
          <p class="empty">
            Nothing has happened since the monitor started. Starts, stops, kills and health verdicts appear here.
          </p>
        ) : (
          <EventList events={events.value.slice(0, ASKED)} withContainer={true} />
        )}
      </section>
    </main>
  )
}
