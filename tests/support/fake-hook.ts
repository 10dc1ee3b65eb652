/** A server that takes posts as a chat or a webhook does, and answers by script. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TakenPost {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface HookAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface FakeHook {
  readonly url: string
  readonly posts: readonly TakenPost[]
  answer: (script: (post: TakenPost, n: number) => HookAnswer) => void
  close: () => Promise<void>
}

/** Starts on a free port of 127.0.0.1; answers 200 until told otherwise. */
export async function startFakeHook(): Promise<FakeHook> {
  const posts: TakenPost[] = []
  let script: (post: TakenPost, n: number) => HookAnswer = () => ({ status: 200, body: 'ok' })
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const post = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
    posts.push(post)
    const { status, headers = {}, body = '' } = script(post, posts.length)
    response.writeHead(status, { ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    answer: (next) => {
      script = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
