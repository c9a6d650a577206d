import type { z } from 'zod'
import { type FieldProblem, Refusal } from './errors.ts'

type Issue = z.core.$ZodIssue

/** Only what we wrote ourselves is repeated: zod's default texts may quote keys or values that the caller chose. */
function text(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected}`
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'too_small':
      return issue.minimum === 1 && issue.origin === 'string'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : ''}`
    case 'invalid_format':
      return issue.message.startsWith('must ') ? issue.message : `must be a valid ${issue.format}`
    case 'invalid_value':
      return issue.values.length <= 12 ? `must be one of ${issue.values.join(', ')}` : 'must be one of the listed values'
    case 'unrecognized_keys':
      return 'has a field that does not belong here'
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_union':
      return 'does not have one of the allowed shapes'
    default:
      return issue.message.startsWith('must ') ? issue.message : 'is not valid'
  }
}

/** A path names fields of the schema; what the caller made up (a record's key) is cut, as it may be anything. */
function pathText(place: string, issue: Issue): string {
  const parts = issue.path.map((part) => (typeof part === 'number' ? String(part) : /^[A-Za-z][A-Za-z0-9-]{0,40}$/.test(String(part)) ? String(part) : '?'))
  return [place, ...parts].filter((part) => part !== '').join('.')
}

function fieldProblems(error: z.ZodError, place: string): FieldProblem[] {
  return error.issues.slice(0, 50).map((issue) => ({ path: pathText(place, issue), message: text(issue) }))
}

/** Parses or refuses with `invalid`. `place` is put before the field's path; the body's fields stand alone. */
export function parseOrRefuse<S extends z.ZodType>(schema: S, value: unknown, place = ''): z.output<S> {
  const result = schema.safeParse(value)
  if (!result.success) throw new Refusal('invalid', fieldProblems(result.error, place))
  return result.data
}
