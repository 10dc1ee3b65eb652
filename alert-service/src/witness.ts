/** What a mail shows of its alerts beyond their lines: the evidence that the monitor wrote, and the minutes before. */
import { join } from 'node:path'
import { EVIDENCE_DIR, metricsFile } from '@plimsoll/contracts/files'
import type { EpochMs } from '@plimsoll/contracts/time'
import { CHART_MS, type Chart, type ChartRow, chartOf, FILE_STEP_MS, PALETTE, type Stretch } from './core/chart.ts'
import { rowOf } from './core/csv-cells.ts'
import { type Fact, factsOf, parseEvidence, type ShownEvidence } from './core/evidence.ts'
import type { Entry } from './core/memory.ts'
import { type Story, storiesOf } from './core/story.ts'
import type { Picture } from './core/wording.ts'
import type { MailAttachment } from './io/mime.ts'
import { lastLines, wholeText } from './io/monitor-files.ts'
import { pngOf } from './io/png.ts'

/** A hundred containers write about 2 MB in 15 minutes. */
const TAIL_BYTES = 4 * 1024 * 1024
/** Fifty log lines and 300 samples are far below. */
const EVIDENCE_BYTES = 1024 * 1024
/** A critical mail does not wait longer for what it shows. */
const DEADLINE_MS = 300
/** A mail about more alerts than this is a list; the page has the evidence of each. */
const MOST = 5

export interface Shown {
  readonly pictures: ReadonlyMap<string, Picture>
  readonly facts: ReadonlyMap<string, readonly Fact[]>
  readonly attachments: readonly MailAttachment[]
}

const NOTHING: Shown = { pictures: new Map(), facts: new Map(), attachments: [] }

async function evidenceOf(folder: string, story: Story): Promise<ShownEvidence | null> {
  // The id is a ULID: nothing else passes the border, so it names a file of this folder.
  const text = await wholeText(join(folder, EVIDENCE_DIR, `${story.id}.json`), EVIDENCE_BYTES)
  return text === null ? null : parseEvidence(text)
}

async function fileRows(folder: string, container: string, at: EpochMs): Promise<readonly ChartRow[]> {
  const files = new Set([metricsFile(at - CHART_MS), metricsFile(at)])
  const rows: ChartRow[] = []
  for (const file of files) {
    for (const line of await lastLines(join(folder, file), TAIL_BYTES)) {
      const row = rowOf(line)
      if (row !== null && row.container === container) rows.push(row)
    }
  }
  return rows
}

function evidenceRows({ at, columns }: NonNullable<ShownEvidence['before']>): readonly ChartRow[] {
  const value = (column: readonly (number | null)[] | undefined, i: number) => column?.[i] ?? null
  return at.map((time, i) => ({
    at: time,
    cpuPercent: value(columns.cpuPercent, i),
    memoryPercent: value(columns.memoryPercent, i),
  }))
}

/** The evidence has every sample of five minutes; without it the metrics file has a row every ten seconds. */
async function chartFor(folder: string, story: Story, evidence: ShownEvidence | null): Promise<Chart | null> {
  const { container, firedAt } = story
  if (container === null || firedAt === null) return null
  const before = evidence?.before ?? null
  const drawn = before === null ? null : chartOf(evidenceRows(before), before, story)
  if (drawn !== null) return drawn
  const stretch: Stretch = { from: firedAt - CHART_MS, to: firedAt, stepMs: FILE_STEP_MS }
  return chartOf(await fileRows(folder, container, firedAt), stretch, story)
}

async function showStory(folder: string, story: Story) {
  const evidence = await evidenceOf(folder, story)
  const chart = await chartFor(folder, story, evidence)
  const cid = `chart-${story.id}@plimsoll`
  return { story, facts: evidence === null ? [] : factsOf(evidence), chart, cid }
}

async function show(folder: string, stories: readonly Story[]): Promise<Shown> {
  const shown = await Promise.all(stories.map((story) => showStory(folder, story)))
  const drawn = shown.flatMap(({ story, chart, cid }) => (chart === null ? [] : [{ story, chart, cid }]))
  return {
    facts: new Map(shown.map(({ story, facts }) => [story.id, facts])),
    pictures: new Map(drawn.map(({ story, chart, cid }) => [story.id, { cid, alt: chart.alt }])),
    attachments: drawn.map(({ story, chart, cid }) => ({
      filename: `${story.rule}.png`,
      contentType: 'image/png',
      content: pngOf(chart, PALETTE),
      cid,
    })),
  }
}

/** What is shown of a few alerts that fired; nothing when the files are missing or slow: the mail goes without. */
export async function shownFor(folder: string, entries: readonly Entry[], now: EpochMs): Promise<Shown> {
  const stories = storiesOf(entries, now).filter(({ firedAt }) => firedAt !== null)
  if (stories.length === 0 || stories.length > MOST) return NOTHING
  const { promise: late, resolve } = Promise.withResolvers<Shown>()
  const timer = setTimeout(() => resolve(NOTHING), DEADLINE_MS)
  const showing = show(folder, stories).catch(() => NOTHING)
  const shown = await Promise.race([showing, late])
  clearTimeout(timer)
  return shown
}
