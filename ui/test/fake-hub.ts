import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { answer as answerOf, type FakeData, freshData } from './fake-data.ts'
import { fakePartner } from './fake-partner.ts'

/**
 * Stands in for the api in browser tests: serves `ui/dist` with the api's content security policy and canned answers that a
 * test may change while the page is open. It knows no rule of the hub; that the real api answers like this is the end-to-end
 * test's to show.
 */
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const types: Record<string, string> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }

export interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: unknown
}
export interface FakeHub {
  url: string
  data: FakeData
  /** Every api call so far. */
  seen: Seen[]
  /** The next `times` calls to this path answer this instead; status 0 cuts the connection. */
  fail(path: string, status: number, code?: string, times?: number, fields?: { path: string; message: string }[]): void
  /** Pages may send photos there too. */
  store(origin: string): void
  /** Tells open pages that something changed. */
  change(): void
  reset(): void
  close(): Promise<void>
}

interface Failure {
  path: string
  status: number
  code: string
  times: number
  fields: { path: string; message: string }[]
}

export async function startFakeHub(): Promise<FakeHub> {
  const partner = await fakePartner()
  const seen: Seen[] = []
  const streams = new Set<ServerResponse>()
  let failures: Failure[] = []
  const data = freshData('', partner.url)
  let store = ''
  const csp = (intake: boolean): string =>
    `default-src 'none'; script-src 'self' ${intake ? partner.url : ''}; style-src 'self'; img-src 'self' data: blob: ${partner.url}; connect-src 'self' ${partner.url} ${store}; frame-src ${intake ? partner.url : "'none'"}; base-uri 'none'; form-action 'self'`

  const file = (response: ServerResponse, path: string): void => {
    const ending = path.split('.').at(-1) ?? ''
    try {
      const content = readFileSync(`${dist}${path}`)
      response.writeHead(200, {
        'content-type': types[ending] ?? 'application/octet-stream',
        'content-security-policy': csp(path === 'intake.html'),
        'referrer-policy': 'no-referrer',
      })
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  }
  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-correlation-id': 'c0ffee00-0000-4000-8000-000000000001' })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, status: number, code: string, fields: Failure['fields'] = []): void =>
    json(response, status, {
      error: { code, message: 'refused by the test', correlationId: 'c0ffee00-0000-4000-8000-000000000001', ...(fields.length > 0 ? { fields } : {}) },
    })

  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const path = url.pathname
    if (!path.startsWith('/api/')) {
      if (path.startsWith('/i/') || path.startsWith('/correct/') || path.startsWith('/method/')) return file(response, 'intake.html')
      if (path.startsWith('/status/'))
        return void response
          .writeHead(200, { 'content-type': types.html ?? '' })
          .end('<!doctype html><html lang="en"><title>Status</title><h1>Thank you, that is everything</h1>')
      for (const page of ['ops', 'clinic', 'admin']) if (path === `/${page}` || path.startsWith(`/${page}/`)) return file(response, `${page}.html`)
      if (path === '/' || path === '/signin') return file(response, 'signin.html')
      return file(response, path.slice(1))
    }
    if (path === '/api/ops/journeys/stream' || path === '/api/ops/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': open\n\n')
      streams.add(response)
      response.on('close', () => streams.delete(response))
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      seen.push({ method: request.method ?? '', path: path + url.search, headers: request.headers, body: text ? JSON.parse(text) : undefined })
      const failure = failures.find((f) => f.times > 0 && (path === f.path || path.endsWith(f.path)))
      if (failure) {
        failure.times -= 1
        if (failure.status === 0) return request.socket.destroy()
        return refuse(response, failure.status, failure.code, failure.fields)
      }
      const answer = answerOf(...([data, partner.url, request.method ?? 'GET', path, url.searchParams, text ? JSON.parse(text) : undefined] as const), {
        ifMatch: String(request.headers['if-match'] ?? ''),
        token: (request.headers.authorization ?? '').replace('Intake ', ''),
      })
      setTimeout(
        () => ('code' in answer ? refuse(response, answer.status, answer.code, answer.fields) : json(response, answer.status, answer.body)),
        data.delayMs,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  Object.assign(data, freshData(url, partner.url))
  return {
    url,
    data,
    seen,
    store: (origin) => {
      store = origin
    },
    fail: (path, status, code = 'internal', times = 1, fields = []) => void failures.push({ path, status, code, times, fields }),
    change: () => {
      const id = data.journeys[0]?.intakeId ?? ''
      for (const stream of streams)
        stream.write(
          `event: change\ndata: {"intakeId":"${id}"}\n\nevent: item\ndata: {"id":"${id}"}\n\nevent: incident\ndata: {"id":"${id}"}\n\nevent: breaker\ndata: {"id":"${id}"}\n\n`,
        )
    },
    reset: () => {
      failures = []
      seen.length = 0
      partner.reset()
      Object.assign(data, freshData(url, partner.url))
    },
    close: async () => {
      for (const stream of streams) stream.end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await partner.close()
    },
  }
}
