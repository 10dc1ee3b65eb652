/** A scope for a view: made once per container and range. */
import { useEffect, useMemo } from 'preact/hooks'
import { type Range, routeHash } from '../core/route.ts'
import { newScope, type Scope } from '../scope.ts'
import { snapshots } from '../store.ts'

/** A scope whose history is fetched when it opens and again after every reconnect. */
export function useScope(name: string, range: Range): Scope {
  const key = routeHash({ view: 'container', name, range })
  // The key says all of the range, which is made anew for every address.
  const scope = useMemo(() => newScope(name, range), [key])
  const count = snapshots.value
  // A new snapshot means that something may have been missed.
  useEffect(() => (count > 0 ? scope.load() : undefined), [scope, count])
  return scope
}
