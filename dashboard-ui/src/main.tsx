/** The page's table of contents: style, keys, clock, views, connection. */
import { render } from 'preact'
import './style/tokens.css'
import './style/base.css'
import './style/frame.css'
import './style/fleet.css'
import './style/container.css'
import './style/logs.css'
import './style/wall.css'
import './style/print.css'
import { openSocket } from './io/socket.ts'
import { listenToKeys } from './keys.ts'
import { startStatus } from './status.ts'
import { startClock } from './store.ts'
import { App } from './views/app.tsx'
import { dispatch } from './wiring.ts'

const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
listenToKeys()
startClock()
openSocket(dispatch)
startStatus()
