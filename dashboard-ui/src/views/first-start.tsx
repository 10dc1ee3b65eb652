/** What to do when there is nothing to show yet. */
import type { EngineView } from '@plimsoll/contracts/http'
import type { Link } from '../core/state.ts'
import { Logo } from './mark.tsx'

function Words(props: { link: Link; engine: EngineView | null }) {
  const { link, engine } = props
  if (link.state === 'connecting')
    return (
      <>
        <h1>Reaching for the monitor</h1>
        <p>
          If this does not pass within a few seconds, the monitor is not running: <code>docker compose up -d</code>, or{' '}
          <code>npm start</code> without Compose.
        </p>
      </>
    )
  if (engine?.state === 'unreachable')
    return (
      <>
        <h1>The Docker engine does not answer</h1>
        <p>
          {engine.where}: {engine.error}
        </p>
        <p>{engine.advice}</p>
        <p class="quiet">This page picks it up by itself as soon as it is there.</p>
      </>
    )
  if (engine?.state === 'connecting')
    return (
      <>
        <h1>Reaching for the Docker engine</h1>
        <p>{engine.where}</p>
      </>
    )
  return (
    <>
      <h1>No containers yet</h1>
      <p>The engine runs, and has none. Start one, and it appears here within a second:</p>
      <pre>docker run -d --name hello nginx</pre>
      <p class="quiet">Nothing has to be installed or labelled in it.</p>
    </>
  )
}

export function FirstStart(props: { link: Link; engine: EngineView | null }) {
  return (
    <main id="main" class="first-start">
      <Logo />
      <Words {...props} />
    </main>
  )
}
