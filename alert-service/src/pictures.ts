/** The chart that an alert mail shows: the last minutes of its container, read back from the metrics file. */
import { join } from 'node:path'
import { metricsFile } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import { CHART_MS, type Chart, chartOf, PALETTE } from './core/chart.ts'
import { type MetricRow, rowOf } from './core/csv-cells.ts'
import type { Entry } from './core/memory.ts'
import { type Story, storiesOf } from './core/story.ts'
import type { Picture } from './core/wording.ts'
import { lastLines } from './io/metric-files.ts'
import type { MailAttachment } from './io/mime.ts'
import { pngOf } from './io/png.ts'

/** A hundred containers write about 2 MB in 15 minutes. */
const TAIL_BYTES = 4 * 1024 * 1024
/** A critical mail does not wait longer for its picture. */
const DEADLINE_MS = 300
const MAX_PICTURES = 3

export interface Pictures {
  readonly byStory: ReadonlyMap<string, Picture>
  readonly attachments: readonly MailAttachment[]
}

const NONE: Pictures = { byStory: new Map(), attachments: [] }

async function rowsUntil(folder: string, containers: ReadonlySet<string>, at: EpochMs): Promise<readonly MetricRow[]> {
  const today = metricsFile(at)
  const before = metricsFile(at - CHART_MS)
  const files = before === today ? [today] : [before, today]
  const rows: MetricRow[] = []
  for (const file of files) {
    for (const line of await lastLines(join(folder, file), TAIL_BYTES)) {
      const row = rowOf(line)
      if (row !== null && containers.has(row.container)) rows.push(row)
    }
  }
  return rows
}

function attach(story: Story, chart: Chart): { picture: Picture; attachment: MailAttachment } {
  const cid = `chart-${story.id}@plimsoll`
  const filename = `${story.rule}.png`
  const attachment = { filename, contentType: 'image/png', content: pngOf(chart, PALETTE), cid }
  return { picture: { cid, alt: chart.alt }, attachment }
}

async function draw(folder: string, stories: readonly Story[]): Promise<Pictures> {
  const containers = new Set(stories.flatMap(({ container }) => (container === null ? [] : [container])))
  const until = Math.max(...stories.map(({ firedAt }) => firedAt ?? 0))
  const rows = await rowsUntil(folder, containers, until)
  const drawn = stories.flatMap((story) => {
    const own = rows.filter(({ container }) => container === story.container)
    const chart = chartOf(own, story.firedAt ?? until, story)
    return chart === null ? [] : [{ story, ...attach(story, chart) }]
  })
  return {
    byStory: new Map(drawn.map(({ story, picture }) => [story.id, picture])),
    attachments: drawn.map(({ attachment }) => attachment),
  }
}

/** Charts for the first few stories that began now; none when the files are missing or slow: the mail goes without. */
export async function picturesFor(folder: string, entries: readonly Entry[], now: EpochMs): Promise<Pictures> {
  const stories = storiesOf(entries, now).filter((s) => s.container !== null && s.firedAt !== null && !s.late)
  if (stories.length === 0 || stories.length > MAX_PICTURES) return NONE
  const { promise: late, resolve } = Promise.withResolvers<Pictures>()
  const timer = setTimeout(() => resolve(NONE), DEADLINE_MS)
  const drawing = draw(folder, stories).catch(() => NONE)
  const pictures = await Promise.race([drawing, late])
  clearTimeout(timer)
  return pictures
}
