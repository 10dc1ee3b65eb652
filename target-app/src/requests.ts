/** What a request may ask for, checked once at the border; a wrong one is a 400 that names the parameter. */
import { LOAD_BOUNDS, type LoadSpec } from '@plimsoll/contracts/load'
import * as v from 'valibot'
import { TargetError } from './errors.ts'
import { DEFAULT_MIX } from './queries.ts'

interface Range {
  readonly min: number
  readonly max: number
}

const within = ({ min, max }: Range) => {
  const expected = `expected a number from ${min} to ${max}`
  return v.pipe(v.number(expected), v.finite(expected), v.minValue(min, expected), v.maxValue(max, expected))
}
const wholeWithin = (range: Range) =>
  v.pipe(within(range), v.integer(`expected a whole number from ${range.min} to ${range.max}`))
/** A query parameter: a number written in decimal digits, so that `0x10`, `1e9` and a repeated one are refused. */
const textWithin = (range: Range) => {
  const expected = `expected a number from ${range.min} to ${range.max}`
  return v.pipe(v.string(expected), v.regex(/^\d{1,9}(\.\d{1,3})?$/, expected), v.transform(Number), within(range))
}

const lease = {
  id: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,64}$/, 'expected letters, digits, dots and dashes'))),
  seconds: within(LOAD_BOUNDS.seconds),
}
const share = within({ min: 0, max: 1000 })

export const cpuBody = v.strictObject({
  ...lease,
  percent: within(LOAD_BOUNDS.cpuPercent),
  workers: v.optional(wholeWithin(LOAD_BOUNDS.workers)),
})

export const memoryBody = v.pipe(
  v.strictObject({
    ...lease,
    megabytes: v.optional(within(LOAD_BOUNDS.megabytes)),
    percentOfLimit: v.optional(within(LOAD_BOUNDS.percentOfLimit)),
  }),
  v.check(
    ({ megabytes, percentOfLimit }) => (megabytes === undefined) !== (percentOfLimit === undefined),
    'expected either megabytes or percentOfLimit',
  ),
)

export const databaseBody = v.strictObject({
  ...lease,
  concurrency: wholeWithin(LOAD_BOUNDS.concurrency),
  queriesPerSecond: v.optional(within(LOAD_BOUNDS.queriesPerSecond)),
  mix: v.optional(
    v.pipe(
      v.strictObject({ reads: share, writes: share, locks: share, slow: share }),
      v.check((mix) => Object.values(mix).some((part) => part > 0), 'expected at least one share above 0'),
    ),
    DEFAULT_MIX,
  ),
})

export const faultBody = v.variant(
  'fault',
  [
    v.strictObject({ ...lease, fault: v.literal('latency'), ms: within(LOAD_BOUNDS.latencyMs) }),
    v.strictObject({ ...lease, fault: v.literal('errors'), percent: within(LOAD_BOUNDS.errorPercent) }),
    v.strictObject({ ...lease, fault: v.literal('outage') }),
    v.strictObject({
      ...lease,
      fault: v.literal('leak'),
      megabytesPerSecond: within(LOAD_BOUNDS.leakMegabytesPerSecond),
    }),
    v.strictObject({ ...lease, fault: v.literal('oom') }),
    v.strictObject({ fault: v.literal('crash'), exitCode: wholeWithin(LOAD_BOUNDS.exitCode) }),
  ],
  'expected one of: latency, errors, outage, leak, oom, crash',
)

export const idParams = v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) })
export const workQuery = v.strictObject({ ms: v.optional(textWithin({ min: 0, max: 100 }), '5') })
export const blockQuery = v.strictObject({ ms: v.optional(textWithin({ min: 0, max: 5000 }), '500') })
export const cacheQuery = v.strictObject({ key: v.optional(textWithin({ min: 0, max: 9999 })) })

const MIB = 1024 * 1024
const QUERIES_PER_CONNECTION = 10

type FaultWanted = Exclude<v.InferOutput<typeof faultBody>, { fault: 'crash' }>

export function cpuSpec({ percent, workers }: v.InferOutput<typeof cpuBody>): LoadSpec {
  return { kind: 'cpu', percent, workers: workers ?? null }
}

/** A share of the limit is a number of bytes to hold, whatever else the container uses. */
export function memorySpec(body: v.InferOutput<typeof memoryBody>, limitBytes: number): LoadSpec {
  const bytes = body.megabytes !== undefined ? body.megabytes * MIB : ((body.percentOfLimit ?? 0) / 100) * limitBytes
  return { kind: 'memory', bytes: Math.round(bytes) }
}

export function databaseSpec({ concurrency, queriesPerSecond, mix }: v.InferOutput<typeof databaseBody>): LoadSpec {
  return { kind: 'db', concurrency, queriesPerSecond: queriesPerSecond ?? concurrency * QUERIES_PER_CONNECTION, mix }
}

export function faultSpec(wanted: FaultWanted): LoadSpec {
  switch (wanted.fault) {
    case 'latency':
      return { kind: 'latency', ms: wanted.ms }
    case 'errors':
      return { kind: 'errors', percent: wanted.percent }
    case 'outage':
      return { kind: 'outage' }
    case 'leak':
      return { kind: 'leak', bytesPerSecond: wanted.megabytesPerSecond * MIB }
    case 'oom':
      return { kind: 'oom' }
  }
}

function wordsOf({ type, expected, received, message }: v.BaseIssue<unknown>): string {
  if (type !== 'strict_object') return message
  if (expected === 'never') return 'is not known here'
  return received === 'undefined' ? 'is missing' : message
}

/** The checked request, or a `bad-request` error that says which parameter was expected to be what. */
export function checked<S extends v.GenericSchema>(schema: S, given: unknown): v.InferOutput<S> {
  const read = v.safeParse(schema, given)
  if (read.success) return read.output
  const problems = read.issues.map((issue) => {
    const path = v.getDotPath(issue)
    return path === null ? issue.message : `${path}: ${wordsOf(issue)}`
  })
  throw new TargetError('bad-request', problems.slice(0, 5).join('; '))
}
