import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'

/** What every simulator with an HTTP door does alike. */
export async function textOf(request: IncomingMessage, bytesMax: number, tooLarge: () => Error): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function say(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(text)
}

/** The port it got; 0 takes any. */
export const listening = (server: Pick<Server, 'listen' | 'address'>, port: string | undefined): Promise<number> =>
  new Promise((resolve) => server.listen(Number(port ?? 0), '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

/** One line, for whoever started it; `more` is what else it must know. */
export function sayReady(name: string, port: number, more: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ ready: true, process: `sim:${name}`, url: `http://127.0.0.1:${port}`, ...more })}\n`)
}

export function endOnSigterm(server: Pick<HttpServer, 'close' | 'closeAllConnections'>): void {
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0))
    server.closeAllConnections()
  })
}
