/** `/health` and `/status`, by Fastify. Inside the stack only; nothing here changes anything. */
import type { DeliveryStatus } from '@plimsoll/contracts/delivery'
import type { HealthAnswer } from '@plimsoll/contracts/http'
import fastify, { type FastifyInstance } from 'fastify'

/** Builds the server without listening: tests `inject`. */
export function buildWeb(status: () => DeliveryStatus): FastifyInstance {
  const app = fastify({ logger: false, requestTimeout: 5000, forceCloseConnections: true })
  app.get('/health', async (_request, reply) => {
    const { state, problems } = status()
    const answer: HealthAnswer = { status: state, problems }
    return reply.code(state === 'ok' ? 200 : 503).send(answer)
  })
  app.get('/status', async () => status())
  return app
}
