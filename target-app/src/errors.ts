/** Every error the target app answers with, and how a foreign one becomes one of them. */

export const TARGET_ERRORS = {
  'bad-request': 400,
  'host-not-allowed': 403,
  'not-found': 404,
  refused: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'too-busy': 503,
  'database-away': 503,
  /** Asked for by an `errors` load. */
  'made-to-fail': 500,
  internal: 500,
} as const satisfies Readonly<Record<string, number>>
export type TargetErrorCode = keyof typeof TARGET_ERRORS

export class TargetError extends Error {
  readonly code: TargetErrorCode
  readonly statusCode: number

  constructor(code: TargetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.statusCode = TARGET_ERRORS[code]
  }
}

/** Fastify's own errors carry a status; anything else is a fault of ours and tells the caller nothing of it. */
export function targetErrorOf(error: unknown): TargetError {
  if (error instanceof TargetError) return error
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  const message = error instanceof Error ? error.message : String(error)
  if (status === 413) return new TargetError('too-large', message, { cause: error })
  if (status === 415) return new TargetError('unsupported-media-type', message, { cause: error })
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new TargetError('bad-request', message, { cause: error })
  return new TargetError('internal', 'a fault of ours; the log has the cause', { cause: error })
}
