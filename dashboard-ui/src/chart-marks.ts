/** What is drawn over the lines of a chart: the Plimsoll marks, the moments of alerts, the crosshair. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { Chart } from 'chart.js'

/** A threshold: a line across with the ring at its right end, as it stands on a ship's side. */
export interface Mark {
  readonly value: number
  readonly token: string
}

/** A moment worth a marker: an alert fired, a container died. */
export interface Moment {
  readonly at: EpochMs
  readonly token: string
}

type Colour = (token: string) => string

const RING = 4.5
/** More moments than this would hide the lines they stand by: then only their triangles are drawn. */
const CROWD = 30

/** Thresholds within the scale get their line and ring; those above it a small ring at the top edge. */
export function drawMarks(chart: Chart<'line'>, marks: readonly Mark[], colour: Colour): void {
  const { ctx, chartArea: area, scales } = chart
  ctx.save()
  ctx.lineWidth = 1
  for (const mark of marks) {
    const above = mark.value > (scales.y?.max ?? 0)
    if (above) continue
    const y = Math.round(scales.y?.getPixelForValue(mark.value) ?? 0) + 0.5
    const x = area.right - RING - 6
    ctx.strokeStyle = colour(mark.token)
    ctx.setLineDash([5, 4])
    ctx.beginPath()
    ctx.moveTo(area.left, y)
    ctx.lineTo(x - RING - 6, y)
    ctx.stroke()
    ctx.setLineDash([])
    ctx.lineWidth = 1.5
    ctx.beginPath()
    ctx.arc(x, y, RING, 0, 2 * Math.PI)
    ctx.moveTo(x - RING - 5, y)
    ctx.lineTo(x + RING + 5, y)
    ctx.stroke()
    ctx.lineWidth = 1
  }
  ctx.restore()
}

/** A thin line at each moment with a small triangle on top. */
export function drawMoments(chart: Chart<'line'>, moments: readonly Moment[], colour: Colour): void {
  const { ctx, chartArea: area, scales } = chart
  const seen = moments
    .map((moment) => ({ moment, at: scales.x?.getPixelForValue(moment.at) ?? -1 }))
    .filter(({ at }) => at >= area.left && at <= area.right)
  ctx.save()
  ctx.lineWidth = 1
  for (const { moment, at } of seen) {
    const x = Math.round(at) + 0.5
    const tone = colour(moment.token)
    ctx.strokeStyle = tone
    ctx.fillStyle = tone
    ctx.globalAlpha = seen.length > CROWD ? 0 : 0.45
    ctx.beginPath()
    ctx.moveTo(x, area.top)
    ctx.lineTo(x, area.bottom)
    ctx.stroke()
    ctx.globalAlpha = 1
    ctx.beginPath()
    ctx.moveTo(x - 4.5, area.top - 8)
    ctx.lineTo(x + 4.5, area.top - 8)
    ctx.lineTo(x, area.top - 1)
    ctx.fill()
  }
  ctx.restore()
}

/** The reader's place in time, and what happened there. */
export interface Pointed {
  readonly at: EpochMs
  /** The time as text, and the moment close to it, if there is one. */
  readonly label: string
}

const LABEL_PX = 20

/** The reader's place in time, the same on all charts, with its time on the axis. */
export function drawCrosshair(chart: Chart<'line'>, pointed: Pointed, colour: Colour): void {
  const { ctx, chartArea: area, scales } = chart
  const x = Math.round(scales.x?.getPixelForValue(pointed.at) ?? 0) + 0.5
  if (x < area.left || x > area.right) return
  ctx.save()
  ctx.strokeStyle = colour('--ink-2')
  ctx.lineWidth = 1
  ctx.beginPath()
  ctx.moveTo(x, area.top)
  ctx.lineTo(x, area.bottom)
  ctx.stroke()
  const { family, size } = Chart.defaults.font
  ctx.font = `${size ?? 11}px ${family ?? 'sans-serif'}`
  const width = Math.min(area.right - area.left, ctx.measureText(pointed.label).width + 14)
  const left = Math.max(area.left, Math.min(area.right - width, x - width / 2))
  ctx.fillStyle = colour('--ink')
  ctx.beginPath()
  ctx.roundRect(left, area.bottom + 2, width, LABEL_PX, 4)
  ctx.fill()
  ctx.fillStyle = colour('--card')
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillText(pointed.label, left + 7, area.bottom + 2 + LABEL_PX / 2, width - 14)
  ctx.restore()
}
