/** Tells an outside dead man's switch that all is well. */

/** Fetches `url`; null when it was taken, else why not. Never throws. */
export async function beat(url: string, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const response = await fetch(url, { headers: { 'User-Agent': 'Plimsoll' }, signal: deadline })
    await response.body?.cancel()
    return response.ok ? null : `HTTP ${response.status}`
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    return error.cause instanceof Error ? error.cause.message : error.message
  }
}
