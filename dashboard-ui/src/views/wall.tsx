/** The wall: every running container as a tile, the troubled first, readable from across the room. */
import type { ContainerView } from '@plimsoll/contracts/container'
import { latencyText, percentText } from '@plimsoll/contracts/text'
import { useComputed } from '@preact/signals'
import { momentText } from '../clock.ts'
import { FIRST_CHOICE, isTroubled, shown, sorted } from '../core/fleet.ts'
import { cpuMark, memoryMark } from '../core/level.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { bannerText, toneOf } from '../core/say.ts'
import { newest } from '../core/state.ts'
import { containers, firing, latest, machine, now, severities } from '../store.ts'
import { Glyph } from './glyph.tsx'
import { Level, Logo } from './mark.tsx'

function Tile(props: { view: ContainerView }) {
  const { view } = props
  const cpu = useComputed(() => newest(latest.value, view.no, 'cpuLimitPercent'))
  const memory = useComputed(() => newest(latest.value, view.no, 'memoryPercent'))
  const response = newest(latest.value, view.no, 'responseMs')
  const tone = toneOf(view, severities.value.get(view.name) ?? null)
  return (
    <li class="tile" data-tone={tone}>
      <h2>
        <Glyph tone={tone} />
        <a href={routeHash({ view: 'container', name: view.name, range: LIVE })}>{view.name}</a>
      </h2>
      {tone === 'good' ? (
        <p class="quiet">{response === null ? '' : latencyText(response)}</p>
      ) : (
        <p>{firing.value.find((alert) => alert.container === view.name)?.summary ?? bannerText(view, now.value)}</p>
      )}
      <div class="tile-level">
        <span>CPU</span>
        <Level percent={cpu} mark={cpuMark(view, machine.value)} />
        <b>{percentText(cpu.value, 0)}</b>
      </div>
      <div class="tile-level">
        <span>Memory</span>
        <Level percent={memory} mark={memoryMark(view)} />
        <b>{percentText(memory.value, 0)}</b>
      </div>
    </li>
  )
}

export function WallPage() {
  const views = sorted(shown(containers.value.values(), FIRST_CHOICE, severities.value), FIRST_CHOICE, null)
  const troubled = views.filter((view) => isTroubled(view, severities.value))
  const calm = views.filter((view) => !isTroubled(view, severities.value))
  const count = firing.value.length
  return (
    <main id="main" class="wall">
      <header>
        <Logo />
        <h1>{count === 0 ? 'All within their marks' : `${count} ${count === 1 ? 'alert fires' : 'alerts fire'}`}</h1>
        <p>{momentText(now.value, now.value)}</p>
        <a href="#/">Fleet</a>
      </header>
      <ul>
        {[...troubled, ...calm].map((view) => (
          <Tile key={view.name} view={view} />
        ))}
      </ul>
    </main>
  )
}
