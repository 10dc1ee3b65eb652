/** `/health` and `/status`, by Fastify. Inside the stack only; nothing here changes anything. */
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import type { HealthAnswer } from '@plimsoll/contracts/http'
import fastify, { type FastifyInstance } from 'fastify'

export interface Shown {
  readonly status: DeliveryStatus
  readonly works: boolean
}

/** Builds the server without listening: tests `inject`. `/health` is 503 while it cannot read or deliver. */
export function buildWeb(show: () => Shown): FastifyInstance {
  const app = fastify({ logger: false, requestTimeout: 5000, forceCloseConnections: true })
  app.get('/health', async (_request, reply) => {
    const { status, works } = show()
    const { state, problems } = status
    const answer: HealthAnswer = { status: state, problems }
    return reply.code(works ? 200 : 503).send(answer)
  })
  app.get('/status', async () => show().status)
  return app
}
