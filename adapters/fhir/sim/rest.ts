import type { IncomingHttpHeaders } from 'node:http'
import { batch, bundleOf, transaction } from './bundles.ts'
import type { Knobs } from './knobs.ts'
import { Refusal } from './refusal.ts'
import { etagOf, isKnownType, lastUpdatedOf, nameOf, type Stored, versionOf } from './resource.ts'
import type { Searches } from './search.ts'
import type { FhirStore } from './store.ts'
import type { Done, Writer } from './writer.ts'

export interface Reply {
  status: number
  body: unknown
  headers?: Record<string, string>
}
export interface FhirRequest {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  body: string
  /** The address that this server is asked under. */
  base: string
  /** Somebody at the clinic comes in between (`touched-meanwhile`). */
  touched: boolean
}

/** The interactions of FHIR R4 that this server has. A request that it does not know is refused, whatever it might have meant. */
export class Rest {
  readonly #store: FhirStore
  readonly #searches: Searches
  readonly #writer: Writer
  readonly #knobs: Knobs

  constructor(store: FhirStore, searches: Searches, writer: Writer, knobs: Knobs) {
    this.#store = store
    this.#searches = searches
    this.#writer = writer
    this.#knobs = knobs
  }

  async serve(request: FhirRequest): Promise<Reply> {
    const { method, url, body, base } = request
    if (method === 'GET') return this.read(url, base, isStrict(request))
    if (url.pathname === '/' && method === 'POST') return this.#bundle(request)
    const [type, id, more] = url.pathname.slice(1).split('/')
    if (!isKnownType(type)) throw new Refusal(404, 'not-supported', `no resource type ${type}`)
    if (method === 'POST' && id === '_search' && more === undefined) {
      const query = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)])
      return { status: 200, body: this.#searches.bundle(type, query, base, isStrict(request)) }
    }
    if (method === 'POST' && id === undefined) {
      const ifNoneExist = one(request.headers['if-none-exist'])
      return this.#written(await this.#writer.write([{ method, type, ifNoneExist, body: parse(body), path: type }]), request)
    }
    if (method === 'PUT' && more === undefined) {
      const target = id === undefined ? { criteria: url.searchParams } : { id }
      const ask = { method, type, ...target, ifMatch: request.headers['if-match'], body: parse(body), path: type } as const
      return this.#written(await this.#writer.write([ask], request.touched), request)
    }
    // Nothing is deleted over this door: a chart is merged or closed by the clinic's staff.
    throw new Refusal(405, 'not-supported', `no ${method} of ${url.pathname}`)
  }

  read(url: URL, base = '', strict = false): Reply {
    const [type, id, history, version, more] = url.pathname.slice(1).split('/')
    if (!isKnownType(type)) throw new Refusal(404, 'not-supported', `no resource type ${type}`)
    if (id === undefined) return { status: 200, body: this.#searches.bundle(type, url.searchParams, base, strict) }
    if (history === undefined) return this.#one(this.#store.read(type, id))
    if (history !== '_history' || more !== undefined) throw new Refusal(404, 'not-supported', `no ${url.pathname}`)
    if (version !== undefined) return this.#one(this.#store.version(type, id, version))
    const versions = this.#store.history(type, id)
    const entry = versions.map((resource) => ({
      fullUrl: `${base}/${nameOf(resource)}`,
      resource,
      request: versionOf(resource) === '1' ? { method: 'POST', url: type } : { method: 'PUT', url: nameOf(resource) },
      response: { status: versionOf(resource) === '1' ? '201' : '200', etag: etagOf(resource), lastModified: lastUpdatedOf(resource) },
    }))
    return { status: 200, body: { resourceType: 'Bundle', type: 'history', total: entry.length, entry } }
  }

  #one(resource: Stored, status = 200): Reply {
    return { status, body: resource, headers: this.#versionHeaders(resource) }
  }
  #versionHeaders(resource: Stored): Record<string, string> {
    if (!this.#knobs.rules().versioned) return {}
    return { etag: etagOf(resource), 'last-modified': new Date(lastUpdatedOf(resource)).toUTCString() }
  }
  #written([done]: Done[], request: FhirRequest): Reply {
    const { status, resource } = done as Done
    const answer = this.#one(resource, status)
    const location = `${request.base}/${nameOf(resource)}/_history/${versionOf(resource)}`
    return { ...answer, body: prefers(request, 'return=minimal') ? '' : answer.body, headers: { ...answer.headers, ...(status === 201 ? { location } : {}) } }
  }
  async #bundle(request: FhirRequest): Promise<Reply> {
    const bundle = bundleOf(parse(request.body))
    if (!this.#knobs.rules()[bundle.type]) throw new Refusal(400, 'not-supported', `no ${bundle.type}`, 'Bundle.type')
    const work = bundle.type === 'transaction' ? transaction : batch
    return { status: 200, body: await work(bundle, this.#writer, this, prefers(request, 'return=representation'), request.touched) }
  }
}

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header)
const prefers = ({ headers }: FhirRequest, what: string): boolean => String(headers.prefer ?? '').includes(what)
const isStrict = (request: FhirRequest): boolean => prefers(request, 'handling=strict')

export function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refusal(400, 'structure', 'not JSON')
  }
}
