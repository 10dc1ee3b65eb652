/** Who the engine is, and in which version of its API it is asked. */
import type { EpochMs } from '@plimsoll/contracts/time'
import { parseIsoTime } from '@plimsoll/contracts/time'
import * as v from 'valibot'

/** The newest API version whose answers were read with this code. A newer engine is asked in this one. */
export const NEWEST_API = '1.51'

export interface EngineFacts {
  readonly name: string
  readonly version: string
  /** The version that is asked, `1.45`. */
  readonly apiVersion: string
  readonly cpus: number
  readonly memoryBytes: number
  /** The engine's clock when it answered; `null` when it does not tell. */
  readonly clock: EpochMs | null
}

const Version = v.object({
  ApiVersion: v.pipe(v.string(), v.regex(/^\d+\.\d+$/)),
  Version: v.fallback(v.string(), '?'),
})
const Info = v.object({
  Name: v.fallback(v.string(), 'docker'),
  NCPU: v.fallback(v.number(), 0),
  MemTotal: v.fallback(v.number(), 0),
  SystemTime: v.fallback(v.string(), ''),
})

const minor = (version: string): number => Number(version.split('.')[1])

/**
 * The lower of the engine's newest version and ours: an unversioned question would be answered in a form that changes
 * with every engine, a fixed old version is refused by new ones. Throws when the answer is no version.
 */
export function versionToAsk(answer: unknown): string {
  const read = v.safeParse(Version, answer)
  if (!read.success) throw new Error('this is no Docker engine: its answer to /version cannot be understood')
  return minor(read.output.ApiVersion) < minor(NEWEST_API) ? read.output.ApiVersion : NEWEST_API
}

/** The facts of `/version` and `/info`. What the engine does not tell is 0 or a name of ours. */
export function factsOf(version: unknown, info: unknown, apiVersion: string): EngineFacts {
  const said = v.safeParse(Version, version)
  const read = v.safeParse(Info, info)
  if (!read.success) throw new Error('the engine’s answer to /info cannot be understood')
  const { Name, NCPU, MemTotal, SystemTime } = read.output
  return {
    name: Name,
    version: said.success ? said.output.Version : '?',
    apiVersion,
    cpus: NCPU,
    memoryBytes: MemTotal,
    clock: parseIsoTime(SystemTime),
  }
}
