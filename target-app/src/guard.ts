/**
 * Who may ask. The app has no login and makes load for whoever reaches it, so it is published on 127.0.0.1 only. A
 * browser on that machine could still be led there by a foreign page: the Host header stops DNS rebinding, and loads
 * are changed by JSON or DELETE requests only, which a foreign page cannot send without a permission we never give.
 */

const name = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i

/** True for IP literals, `localhost` and names of a single label (`target-app`), with or without a port. */
export function hostAllowed(host: string | undefined): boolean {
  if (host === undefined) return false
  const bare = host.replace(/:\d{1,5}$/, '')
  if (/^\[[0-9a-f:.]+\]$/i.test(bare)) return true
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(bare) || name.test(bare)
}
