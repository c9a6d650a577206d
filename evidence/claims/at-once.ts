import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'

interface Post {
  url: string
  headers: Record<string, string>
  body: string
}
export interface Reply {
  status: number
  body: string
}

/**
 * Posts that arrive together: each has its own connection and is there but for the last byte of its body before any of them is
 * finished. A request that finds no answer (its server was killed) is `undefined`.
 */
export async function atOnce(posts: readonly Post[]): Promise<(Reply | undefined)[]> {
  const held = await Promise.all(posts.map(begin))
  return Promise.all(held.map((finish) => finish()))
}

async function begin({ url, headers, body }: Post): Promise<() => Promise<Reply | undefined>> {
  const bytes = Buffer.from(body)
  const sending = request(url, { method: 'POST', agent: false, headers: { ...headers, 'content-length': bytes.length } })
  const reply = replyOf(sending)
  sending.write(bytes.subarray(0, -1))
  const connected = once(sending, 'socket').then(([socket]) => (socket.connecting ? once(socket, 'connect') : undefined))
  await Promise.race([connected.catch(() => undefined), reply])
  return () => {
    sending.end(bytes.subarray(-1))
    return reply
  }
}

function replyOf(sending: ClientRequest): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    sending.setTimeout(30_000, () => sending.destroy())
    sending.on('error', () => resolve(undefined))
    sending.on('response', async (answer: IncomingMessage) => {
      const parts: Buffer[] = []
      try {
        for await (const part of answer) parts.push(part as Buffer)
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') })
      } catch {
        resolve(undefined)
      }
    })
  })
}
