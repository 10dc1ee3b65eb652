/** How well a run hit what it aimed at: second by second, for each aim. Pure. */
import { type Aim, MEASURES, type Phase } from './profiles.ts'

export interface AimScore {
  /** `CPU`, or `burst: CPU` where a profile has several phases. */
  readonly label: string
  readonly unit: string
  readonly min: number
  readonly max: number
  /** Seconds after the ramp, and how many of them lay in the band. A second without a number is not in it. */
  readonly judged: number
  readonly inBand: number
  readonly sum: number
  readonly known: number
  readonly lowest: number | null
  readonly highest: number | null
}

export type Scores = ReadonlyMap<string, AimScore>

export const NO_SCORES: Scores = new Map()

/** The name of an aim's score: the phase stands in it where a profile has several. */
export function labelOf(phase: Phase, { measure }: Aim): string {
  const { name } = MEASURES[measure]
  return phase.name === 'steady' ? name : `${phase.name}: ${name}`
}

/** One more second of an aim, judged against `band` (the aim's own, moved by what other generators add). */
export function judge(
  scores: Scores,
  { phase, aim, band }: { phase: Phase; aim: Aim; band: { min: number; max: number } },
  value: number | null,
): Scores {
  const { unit } = MEASURES[aim.measure]
  const label = labelOf(phase, aim)
  const before = scores.get(label)
  const bounds = (pick: (a: number, b: number) => number, old: number | null | undefined) =>
    value === null ? (old ?? null) : old == null ? value : pick(old, value)
  const isIn = value !== null && value >= band.min && value <= band.max
  return new Map(scores).set(label, {
    label,
    unit,
    min: aim.min,
    max: aim.max,
    judged: (before?.judged ?? 0) + 1,
    inBand: (before?.inBand ?? 0) + (isIn ? 1 : 0),
    sum: (before?.sum ?? 0) + (value ?? 0),
    known: (before?.known ?? 0) + (value === null ? 0 : 1),
    lowest: bounds(Math.min, before?.lowest),
    highest: bounds(Math.max, before?.highest),
  })
}

/** The mean of the known seconds; `null` when there was none. */
export function meanOf({ sum, known }: AimScore): number | null {
  return known === 0 ? null : sum / known
}

/** The share of judged seconds in the band, in percent; `null` when none was judged. */
export function shareOf({ inBand, judged }: AimScore): number | null {
  return judged === 0 ? null : (inBand / judged) * 100
}
