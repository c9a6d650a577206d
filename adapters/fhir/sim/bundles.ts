import { answerOf } from './answers.ts'
import { Refusal } from './refusal.ts'
import { etagOf, isKnownType, lastUpdatedOf, nameOf, versionOf } from './resource.ts'
import type { Reply, Rest } from './rest.ts'
import type { Ask, Done, Writer } from './writer.ts'

const entriesMax = 100

interface Entry {
  fullUrl?: string
  resource?: unknown
  request?: { method?: string; url?: string; ifNoneExist?: string; ifMatch?: string }
}
interface Bundle {
  resourceType: 'Bundle'
  type: 'transaction' | 'batch'
  entry: Entry[]
}

export function bundleOf(body: unknown): Bundle {
  const bundle = body as Partial<Bundle> | null
  if (bundle?.resourceType !== 'Bundle') throw new Refusal(400, 'structure', 'not a bundle', 'Bundle')
  if (bundle.type !== 'transaction' && bundle.type !== 'batch') throw new Refusal(400, 'structure', 'neither transaction nor batch', 'Bundle.type')
  if (!Array.isArray(bundle.entry) || bundle.entry.length === 0 || bundle.entry.length > entriesMax)
    throw new Refusal(400, 'structure', 'no entries', 'Bundle.entry')
  return bundle as Bundle
}

/** What an entry asks for: a write, or the address of something to read. */
function askOf({ fullUrl, resource, request }: Entry, path: string): Ask | string {
  const { method, url = '' } = request ?? {}
  if (method === 'GET') return url
  const [, type, id, criteria] = /^\/?([A-Za-z]+)(?:\/([^/?]+))?(?:\?(.*))?$/.exec(url) ?? []
  if ((method !== 'POST' && method !== 'PUT') || !isKnownType(type)) throw new Refusal(422, 'not-supported', `no ${method} of ${url}`, `${path}.request`)
  const isWhole = method === 'POST' ? id === undefined && criteria === undefined : (id === undefined) !== (criteria === undefined)
  if (!isWhole) throw new Refusal(422, 'not-supported', `no ${method} of ${url}`, `${path}.request.url`)
  return {
    method,
    type,
    ...(id === undefined ? {} : { id }),
    ...(criteria === undefined ? {} : { criteria: new URLSearchParams(criteria) }),
    ifMatch: request?.ifMatch,
    ifNoneExist: request?.ifNoneExist,
    body: resource,
    fullUrl,
    path: `${path}.resource`,
  }
}

/** One after another all writes, all or nothing; then what is read, as it is after them. */
export async function transaction(bundle: Bundle, writer: Writer, rest: Rest, withResource: boolean, touched: boolean) {
  const asks = bundle.entry.map((entry, i) => askOf(entry, `Bundle.entry[${i}]`))
  const writes = asks.filter((ask) => typeof ask !== 'string')
  const done = writes.length === 0 ? [] : await writer.write(writes, touched)
  const entry: object[] = []
  for (const ask of asks) {
    const written = typeof ask === 'string' ? undefined : done[writes.indexOf(ask)]
    entry.push(written ? entryOf(written, withResource) : await readEntry(ask as string, rest))
  }
  return { resourceType: 'Bundle', type: 'transaction-response', entry }
}

/** Each for itself: what one of them is refused says nothing of the others. */
export async function batch(bundle: Bundle, writer: Writer, rest: Rest, withResource: boolean, touched: boolean) {
  const entry: object[] = []
  for (const [i, one] of bundle.entry.entries()) {
    try {
      const ask = askOf(one, `Bundle.entry[${i}]`)
      const [written] = typeof ask === 'string' ? [] : await writer.write([ask], touched)
      entry.push(written ? entryOf(written, withResource) : await readEntry(ask as string, rest))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      entry.push({ response: { status: statusText(error.status), outcome: answerOf(error).body } })
    }
  }
  return { resourceType: 'Bundle', type: 'batch-response', entry }
}

async function readEntry(url: string, rest: Rest): Promise<object> {
  const reply: Reply = await rest.read(new URL(url.replace(/^\/?/, '/'), 'http://sim'))
  return { resource: reply.body, response: { status: statusText(reply.status), ...(reply.headers?.etag ? { etag: reply.headers.etag } : {}) } }
}
function entryOf({ status, resource }: Done, withResource: boolean): object {
  return {
    ...(withResource ? { resource } : {}),
    response: {
      status: statusText(status),
      location: `${nameOf(resource)}/_history/${versionOf(resource)}`,
      etag: etagOf(resource),
      lastModified: lastUpdatedOf(resource),
    },
  }
}
const texts: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
}
const statusText = (status: number): string => `${status} ${texts[status] ?? ''}`.trim()
