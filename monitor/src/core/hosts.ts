/**
 * Which Host names are answered. A page from elsewhere can point its own name at this machine (DNS rebinding) and then
 * ask as if it were this site; it cannot do so with an address, nor with a name that no public DNS can hold.
 */

/** Splits off a port: `[::1]:8001` → `::1`, `monitor:8001` → `monitor`. Lower case, without the root's dot. */
export function hostName(host: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(host)
  const name = bracketed?.[1] ?? host.replace(/:\d+$/, '')
  return name.toLowerCase().replace(/\.$/, '')
}

const ipv4 = /^(?:\d{1,3}\.){3}\d{1,3}$/
const ipv6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.%a-z]*$/

/** Whether a request for this `Host` is answered: IP addresses, `localhost`, names of one label, and `allowed`. */
export function isHostAllowed(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined || host === '') return false
  const name = hostName(host)
  if (ipv4.test(name) || ipv6.test(name) || !name.includes('.')) return /^[a-z0-9_.:%-]+$/.test(name)
  return allowed.some((one) => hostName(one) === name)
}

/**
 * Whether a request that names its origin comes from this site: its host is the one asked for. A request without an
 * origin comes from no page (curl, a script), which a page cannot imitate.
 */
export function isOriginAllowed(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  if (host === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === host.toLowerCase() || new URL(origin).host === hostName(host)
}
