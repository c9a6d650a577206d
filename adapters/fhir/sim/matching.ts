import type { Parameter } from './parameters.ts'
import { Refusal } from './refusal.ts'
import type { Stored } from './resource.ts'

/** Whether a resource answers one parameter of a search: `value` is as it was sent, commas are "or". */
export function matcher(name: string, parameter: Parameter, modifier: string | undefined, value: string): (resource: Stored) => boolean {
  const alternatives = splitOn(value, ',').map((one) => test(name, parameter, modifier, one))
  return (resource) => alternatives.some((matches) => matches(resource))
}

function test(name: string, parameter: Parameter, modifier: string | undefined, value: string): (resource: Stored) => boolean {
  const allowed = parameter.kind === 'string' ? ['exact', 'contains'] : []
  if (modifier !== undefined && !allowed.includes(modifier)) throw new Refusal(400, 'not-supported', `${name}:${modifier} is not known here`)
  switch (parameter.kind) {
    case 'token': {
      const [first = '', second] = splitOn(value, '|')
      const [system, code] = second === undefined ? [undefined, first] : [first, second]
      return (r) => parameter.of(r).some((t) => (system === undefined || (t.system ?? '') === system) && (code === '' ? second !== undefined : t.code === code))
    }
    case 'string': {
      const plain = unescaped(value)
      if (modifier === 'exact') return (r) => parameter.of(r).includes(plain)
      const wanted = folded(plain)
      return (r) => parameter.of(r).some((s) => (modifier === 'contains' ? folded(s).includes(wanted) : folded(s).startsWith(wanted)))
    }
    case 'phone': {
      const wanted = phoneOf(splitOn(value, '|').at(-1) ?? '')
      return (r) => parameter.of(r).some((s) => phoneOf(s) === wanted)
    }
    case 'reference': {
      const wanted = unescaped(value)
      // `123` and `Patient/123` are the same to a server, and an absolute address ends in it.
      return (r) => parameter.of(r).some((ref) => ref === wanted || ref.endsWith(`/${wanted}`) || wanted.endsWith(`/${ref}`))
    }
    case 'date':
      return dateTest(name, parameter, value)
  }
}

/** A name as a clerk would look for it: no case, no accents. */
const folded = (s: string): string => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
/** Digits alone, and of a number of the United States the ten; anything else (an e-mail address) as it is. */
const phoneOf = (s: string): string => {
  const digits = s.replace(/\D/g, '')
  return digits.length < 7 ? folded(s) : digits.replace(/^1(?=\d{10}$)/, '')
}

const prefixes = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
function dateTest(name: string, parameter: Extract<Parameter, { of(r: Stored): string[] }>, value: string): (resource: Stored) => boolean {
  const prefix = prefixes.find((p) => value.startsWith(p)) ?? 'eq'
  const wanted = spanOf(value.replace(/^(?:eq|ne|gt|ge|lt|le)/, ''))
  if (!wanted) throw new Refusal(400, 'value', `${value} is no date for ${name}`)
  const holds = (span: Span): boolean => {
    if (prefix === 'gt') return span.toMs > wanted.toMs
    if (prefix === 'ge') return span.toMs > wanted.fromMs
    if (prefix === 'lt') return span.fromMs < wanted.fromMs
    if (prefix === 'le') return span.fromMs < wanted.toMs
    const within = span.fromMs >= wanted.fromMs && span.toMs <= wanted.toMs
    return prefix === 'ne' ? !within : within
  }
  return (r) => parameter.of(r).some((text) => holds(spanOf(text) ?? never))
}

interface Span {
  fromMs: number
  toMs: number
}
const never: Span = { fromMs: Number.NaN, toMs: Number.NaN }

/** A date is as long as it is exact: a year, a month, a day, a second, a millisecond. Without a zone it is UTC's. */
export function spanOf(text: string): Span | undefined {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, time, fraction, zone] = parts
  const fromMs = Date.parse(`${year}-${month ?? '01'}-${day ?? '01'}${time ?? 'T00:00:00'}${zone === undefined ? 'Z' : ''}`)
  if (Number.isNaN(fromMs)) return undefined
  if (time !== undefined) return { fromMs, toMs: fromMs + (fraction ? 1 : time.length > 'T00:00Z'.length && /:\d{2}:\d{2}/.test(time) ? 1_000 : 60_000) }
  if (day !== undefined) return { fromMs, toMs: fromMs + 86_400_000 }
  const until = month === undefined ? Date.UTC(Number(year) + 1, 0) : Date.UTC(Number(year), Number(month))
  return { fromMs, toMs: until }
}

/** At each separator that is not escaped; what comes out is without escapes. */
export function splitOn(value: string, separator: ',' | '|'): string[] {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < value.length; i += 1) {
    const sign = value.charAt(i)
    if (sign === '\\' && i + 1 < value.length) {
      // A comma's part is split at bars afterwards: its escapes must last until then.
      part += separator === ',' ? value.slice(i, i + 2) : value.charAt(i + 1)
      i += 1
    } else if (sign === separator) {
      parts.push(part)
      part = ''
    } else part += sign
  }
  return [...parts, part]
}
const unescaped = (value: string): string => value.replace(/\\(.)/g, '$1')
