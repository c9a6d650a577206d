import { randomBytes } from 'node:crypto'

/** What Stripe's answers, errors and forms have in common. */
export interface Reply {
  status: number
  body: unknown
}
/** A request's parameters, by their flat names: `metadata[hub_payment]`, `expand[0]`. */
export type Form = ReadonlyMap<string, string>

export const ok = (body: unknown): Reply => ({ status: 200, body })
export const failure = (status: number, type: string, code: string | null, message: string, more: Record<string, unknown> = {}): Reply => ({
  status,
  body: { error: { type, ...(code ? { code } : {}), message, ...more } },
})
export const invalid = (param: string | null, message: string, code: string | null = null, status = 400): Reply =>
  failure(status, 'invalid_request_error', code, message, param === null ? {} : { param })
export const missing = (param: string): Reply => invalid(param, 'No such object.', 'resource_missing', 404)

/** Letters and digits, as Stripe's are: in hexadecimal one id in some hundreds would hold so many digits that it looks like a card number. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(18).toString('base64url').replace(/[-_]/g, 'x')}`

export function metadataOf(form: Form): Record<string, string> {
  return Object.fromEntries([...form].flatMap(([name, value]) => (/^metadata\[[\w-]+\]$/.test(name) ? [[name.slice(9, -1), value]] : [])))
}
/** `allowed_payment_method_types[0]=card` and so on; null: nothing of the kind was sent. */
export function listOf(form: Form, name: string): string[] | null {
  const values = [...form].filter(([key]) => key.startsWith(`${name}[`)).map(([, value]) => value)
  return values.length > 0 ? values : null
}
/** Names of the version that is pinned; Stripe refuses others, and so must this, or a misspelt one would pass unseen. */
export function unknownIn(form: Form, known: ReadonlySet<string>): Reply | undefined {
  const name = [...form.keys()].find((key) => !known.has(key.split('[')[0] ?? ''))
  return name === undefined ? undefined : invalid(name, 'Received unknown parameter.', 'parameter_unknown')
}
/** Newest first, a page of it, and whether there is more. */
export function page<T extends { id: string }>(all: readonly T[], query: URLSearchParams, url: string, view: (one: T) => unknown): Reply {
  const newest = [...all].reverse()
  const after = query.get('starting_after')
  const from = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1
  if (after !== null && from === 0) return invalid('starting_after', 'No such object.', 'resource_missing')
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 10)))
  return ok({ object: 'list', url, has_more: newest.length > from + limit, data: newest.slice(from, from + limit).map(view) })
}
