/** The last minutes of one number as a small line. */
import { type ReadonlySignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { filled, minutesBefore, SPARK_MS, wantBackfill } from '../backfill.ts'
import { type Point, points } from '../core/points.ts'
import { sparkPath } from '../core/spark.ts'
import { intervalMs, latest, ringOf, snapshots } from '../store.ts'

/** Its size in the units of its drawing. */
const WIDTH = 120
const HEIGHT = 28

/** CPU of the last five minutes, on the scale of the level bar beside it; drawn only while `seen`. */
export function Spark(props: { name: string; seen: ReadonlySignal<boolean> }) {
  const line = useRef<SVGPathElement>(null)
  const kept = useRef<Point[]>([])
  useSignalEffect(() => {
    if (!props.seen.value) return
    void filled.value
    const to = latest.value?.at
    if (to === undefined) return
    const range = { from: to - SPARK_MS, to }
    points(
      { history: minutesBefore(props.name), ring: ringOf(props.name), intervalMs: intervalMs.value },
      'cpuLimitPercent',
      range,
      kept.current,
    )
    line.current?.setAttribute('d', sparkPath(kept.current, range, { width: WIDTH, height: HEIGHT }))
  })
  useSignalEffect(() => {
    if (props.seen.value && snapshots.value > 0) wantBackfill(props.name)
  })
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path ref={line} />
    </svg>
  )
}
