/** Waits for a condition instead of a time: the only way a test may wait. */

/**
 * Asks `condition` again and again until it answers something other than `undefined`, `null` or `false`, and returns
 * that. After `deadlineMs` it fails with what it waited for and the last error, so that a red test says what was missing.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  deadlineMs = 30_000,
): Promise<T> {
  const started = performance.now()
  let last: unknown
  while (performance.now() - started < deadlineMs) {
    try {
      const found = await condition()
      if (found !== undefined && found !== null && found !== false) return found
      last = undefined
    } catch (error) {
      last = error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`waited ${deadlineMs / 1000} s in vain for: ${what}`, { cause: last })
}
