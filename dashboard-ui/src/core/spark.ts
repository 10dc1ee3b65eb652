/** The path of a sparkline. */
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Point } from './points.ts'

/** Below this the scale does not shrink: the noise of an idle container is not blown up to mountains. */
const LEAST_TOP = 10

/** An SVG path over `size`, 0 at the bottom; the line breaks at gaps, and a lone point is a dot. At most one point a pixel. */
export function sparkPath(
  line: readonly Point[],
  range: { readonly from: EpochMs; readonly to: EpochMs },
  size: { readonly width: number; readonly height: number },
): string {
  const top = Math.max(LEAST_TOP, ...line.map(({ y }) => y ?? 0)) * 1.08
  const perMs = size.width / (range.to - range.from)
  let path = ''
  let drawing = false
  let lastX = Number.NEGATIVE_INFINITY
  for (const { x, y } of line) {
    if (y === null) {
      drawing = false
      continue
    }
    const left = (x - range.from) * perMs
    if (drawing && left - lastX < 1) continue
    const down = size.height - 1 - (y / top) * (size.height - 2)
    path += `${drawing ? 'L' : 'M'}${left.toFixed(1)} ${down.toFixed(1)}${drawing ? '' : 'h.01'}`
    drawing = true
    lastX = left
  }
  return path
}
