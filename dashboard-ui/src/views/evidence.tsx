/** What was known when an alert fired: how it ended, health output, log lines, neighbours, changes, what it was made of. */
import type {
  Evidence,
  EvidenceBond,
  EvidenceHealth,
  EvidenceLogs,
  EvidenceNeighbours,
} from '@plimsoll/contracts/evidence'
import { durationText, memoryText, percentText } from '@plimsoll/contracts/text'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { plainOf } from '../core/ansi.ts'
import { endText, machineText, madeRows, oomText } from '../core/evidence.ts'
import { continued } from '../core/logs.ts'
import { LIVE, routeHash } from '../core/route.ts'
import { Time } from './alert-list.tsx'
import { EventList } from './events.tsx'
import { FactList } from './facts.tsx'
import { LogRow } from './log-row.tsx'

function Card(props: { title: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <section class={props.wide === true ? 'card wide' : 'card'}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  )
}

function Health(props: { health: EvidenceHealth }) {
  const { state, failingStreak, checks } = props.health
  return (
    <Card title="Its own health check said" wide={true}>
      <p>
        {state}
        {failingStreak !== null && failingStreak > 0 && `, ${failingStreak} failures in a row`}
      </p>
      {checks.toReversed().map((check, i) => (
        <div class="check" key={`${check.startedAt ?? i}`}>
          <p class="quiet">
            {check.startedAt === null ? 'at an unknown time' : <Time at={check.startedAt} />}, exit code{' '}
            {check.exitCode}
            {check.tookMs !== null && `, took ${durationText(check.tookMs)}`}
          </p>
          {check.output !== '' && <pre>{check.output.split('\n').map(plainOf).join('\n')}</pre>}
        </div>
      ))}
    </Card>
  )
}

function Logs(props: { logs: EvidenceLogs }) {
  const list = useRef<HTMLOListElement>(null)
  // The last lines are the ones that tell.
  useEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight
  }, [])
  const { lines, truncated, maskedLines } = props.logs
  return (
    <Card title="The last it wrote" wide={true}>
      {lines.length === 0 ? (
        <p class="empty">Nothing.</p>
      ) : (
        <div class="log inline">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <ol ref={list} tabIndex={0} aria-label="Last lines, oldest first">
            {continued([], lines).lines.map((line) => (
              <LogRow key={line.no} line={line} />
            ))}
          </ol>
        </div>
      )}
      {(truncated || maskedLines > 0) && (
        <p class="note">
          {truncated && 'Lines were left out or cut. '}
          {maskedLines > 0 && `In ${maskedLines} of them a secret was masked.`}
        </p>
      )}
    </Card>
  )
}

function Names(props: { rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl class="facts">
      {props.rows.map(([name, value]) => (
        <div key={name}>
          <dt>
            <a href={routeHash({ view: 'container', name, range: LIVE })}>{name}</a>
          </dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Big(props: { neighbours: EvidenceNeighbours }) {
  const { byCpu, byMemory } = props.neighbours
  if (byCpu.length === 0 && byMemory.length === 0) return null
  return (
    <>
      <Card title="Who else used CPU then">
        <Names rows={byCpu.map(({ name, cpuPercent }) => [name, `${percentText(cpuPercent)} of a core`])} />
      </Card>
      <Card title="Who else held memory then">
        <Names rows={byMemory.map(({ name, memoryUsedBytes }) => [name, memoryText(memoryUsedBytes)])} />
      </Card>
    </>
  )
}

/** Who needs it and whom it needs, in one card: one alone is rarely the story. */
function Bonds(props: { needs: readonly EvidenceBond[]; neededBy: readonly EvidenceBond[] }) {
  const rowsOf = (bonds: readonly EvidenceBond[], word: string) =>
    bonds.map(({ name, state }) => [name, `${word}, ${state ?? 'not there'}`] as const)
  const rows = [...rowsOf(props.needs, 'needed by it'), ...rowsOf(props.neededBy, 'needs it')]
  if (rows.length === 0) return null
  return (
    <Card title="What hangs together with it">
      <Names rows={rows} />
    </Card>
  )
}

function Verdicts(props: { evidence: Evidence }) {
  const { end, oom, probe, machine, missing } = props.evidence
  const rows: readonly (readonly [string, string])[] = [
    ...(end === null ? [] : [['How it ended', endText(end)] as const]),
    ...(oom === null ? [] : [['Memory', oomText(oom)] as const]),
    ...(probe === null
      ? []
      : [['Its health address', `${probe.ok ? 'answered' : 'failed'}: ${probe.detail}`] as const]),
    ...(machine === null ? [] : [['The machine', machineText(machine)] as const]),
    ...missing.map((text) => ['Could not be had', text] as const),
  ]
  if (rows.length === 0) return null
  return (
    <Card title="What was known when it fired" wide={true}>
      <FactList facts={rows} />
    </Card>
  )
}

/** The sentences come first: they answer most questions. */
export function EvidenceHead(props: { evidence: Evidence }) {
  const { health, logs } = props.evidence
  return (
    <>
      <Verdicts evidence={props.evidence} />
      {logs !== null && <Logs logs={logs} />}
      {health !== null && <Health health={health} />}
    </>
  )
}

/** The wider picture, for whoever reads on. */
export function EvidenceRest(props: { evidence: Evidence }) {
  const { neighbours, changes, made, dependsOn, dependents } = props.evidence
  return (
    <>
      {changes.length > 0 && (
        <Card title="What happened in the hour before" wide={true}>
          <EventList events={changes} withContainer={true} />
        </Card>
      )}
      <Big neighbours={neighbours} />
      {made !== null && (
        <Card title="What it was made of">
          <FactList facts={madeRows(made)} />
        </Card>
      )}
      <Bonds needs={dependsOn} neededBy={dependents} />
    </>
  )
}
