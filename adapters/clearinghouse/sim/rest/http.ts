import type { IncomingMessage, ServerResponse } from 'node:http'

export const json = (res: ServerResponse, status: number, value: unknown): void => send(res, status, 'application/json', JSON.stringify(value))
export function send(res: ServerResponse, status: number, type: string, text: string): void {
  if (res.destroyed || res.headersSent) return
  res.writeHead(status, { 'content-type': type })
  // X12 is one byte a character here: what came in goes out as it was.
  res.end(Buffer.from(text, type === x12Type ? 'latin1' : 'utf8'))
}
export const x12Type = 'application/edi-x12'

class TooLarge extends Error {}
export async function bytesOf(req: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new TooLarge(`a body takes at most ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
