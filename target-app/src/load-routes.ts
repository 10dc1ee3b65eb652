/** `/load`: start, renew, show and end loads. */
import type { LoadSpec } from '@plimsoll/contracts/load'
import type { FastifyInstance } from 'fastify'
import { TargetError } from './errors.ts'
import type { Loads } from './loads.ts'
import type { Limits } from './meter.ts'
import {
  checked,
  cpuBody,
  cpuSpec,
  databaseBody,
  databaseSpec,
  faultBody,
  faultSpec,
  idParams,
  memoryBody,
  memorySpec,
} from './requests.ts'

/** An OOM kill is only asked for where a limit of this size at most keeps it inside the container. */
const OOM_LIMIT_BYTES = 2 * 1024 ** 3

/** Long enough for the answer to leave before the process does. */
const CRASH_DELAY_MS = 50

export interface LoadRoutesDeps {
  readonly loads: Loads
  readonly limits: Limits
  readonly newId: () => string
  /** Ends the process without any order, as a crash does. */
  readonly crash: (exitCode: number) => void
}

export function registerLoadRoutes(app: FastifyInstance, deps: LoadRoutesDeps): void {
  const { loads, limits, newId, crash } = deps
  const begin = ({ id = newId(), seconds }: { id?: string | undefined; seconds: number }, spec: LoadSpec) => {
    const granted = loads.grant({ id, spec, seconds })
    if (!granted.ok) throw new TargetError('refused', granted.reason)
    return { id, spec, endsInMs: seconds * 1000 }
  }

  app.get('/load', () => loads.answer())
  app.post('/load/cpu', (request) => {
    const body = checked(cpuBody, request.body)
    return begin(body, cpuSpec(body))
  })
  app.post('/load/memory', (request) => {
    const body = checked(memoryBody, request.body)
    return begin(body, memorySpec(body, limits.memoryBytes))
  })
  app.post('/load/db', (request) => {
    const body = checked(databaseBody, request.body)
    return begin(body, databaseSpec(body))
  })
  app.post('/load/fault', (request) => {
    const body = checked(faultBody, request.body)
    if (body.fault === 'crash') {
      setTimeout(() => crash(body.exitCode), CRASH_DELAY_MS)
      return { crashing: true, exitCode: body.exitCode }
    }
    if (body.fault === 'oom' && (!limits.memoryLimited || limits.memoryBytes > OOM_LIMIT_BYTES))
      throw new TargetError('refused', 'without a memory limit of 2 GiB or less an OOM would hit the whole host')
    return begin(body, faultSpec(body))
  })
  app.delete('/load', () => ({ ended: loads.end() }))
  app.delete('/load/:id', (request) => ({ ended: loads.end(checked(idParams, request.params).id) }))
}
