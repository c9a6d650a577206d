import { randomBytes } from 'node:crypto'

const traceparentForm = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/

/** W3C trace context: the caller's trace goes on under a span of our own; anything else begins a new trace. */
export function traceparentFrom(header: string | string[] | undefined): string {
  const given = typeof header === 'string' ? traceparentForm.exec(header) : null
  const span = randomBytes(8).toString('hex')
  if (given?.[1] && given[2]) return `00-${given[1]}-${span}-${given[2]}`
  return `00-${randomBytes(16).toString('hex')}-${span}-01`
}

export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)
