import { answerByHand } from '@heliox/core/billing'
import { CorrectionFields, correctableFields } from '@heliox/core/identity'
import { canonicalJson } from '@heliox/core/kit'
import { allowedActions, correctsAnswers, type Decide } from '@heliox/core/messaging'
import type { NewDecision, QueueItem } from '@heliox/core/ports'
import { Refusal } from '../../kit/errors.ts'
import { parseOrRefuse } from '../../kit/fields.ts'
import { type AnyOperation, factsOf, mayBeOk } from './operation-of.ts'

/**
 * What a person wants, as it is kept. What they typed goes through the same contract as what a partner sends, and what they may want is
 * asked of the same rules that offered it. `options`: of an item where a person chooses, opened.
 */
export function wishOf(item: QueueItem, operation: AnyOperation | undefined, body: Decide, options?: unknown): NewDecision {
  if (!allowedActions(item, factsOf(operation)).includes(body.action)) {
    throw new Refusal('invalid', [{ path: 'action', message: 'must be one of the actions allowed for this item' }])
  }
  const { decisionId, action, reason, note } = body
  const content = contentOf(item, operation, body, options)
  if (content.content !== undefined && Buffer.byteLength(canonicalJson(content.content)) > contentBytesMax) {
    throw new Refusal('invalid', [{ path: action === 'correct' ? 'input' : 'value', message: `must have at most ${contentBytesMax} bytes` }])
  }
  return { decisionId, action, reason, note, ...content }
}
/** The ledger takes no more by hand. */
const contentBytesMax = 32 * 1024

function contentOf(
  item: QueueItem,
  operation: AnyOperation | undefined,
  body: Decide,
  options: unknown,
): Pick<NewDecision, 'content' | 'port' | 'fields' | 'option'> {
  switch (body.action) {
    case 'choose': {
      const { choice, output } = must(operation)
      const value = options === undefined ? undefined : choice?.pick(options, body.option)
      if (value === undefined) throw new Refusal('invalid', [{ path: 'option', message: 'must be one of what there is to choose from' }])
      return { option: body.option, port: 'ok', content: parseOrRefuse(output.schema, value, 'option') }
    }
    case 'ask-patient':
      return { fields: body.fields }
    case 'correct': {
      if (!correctsAnswers(item, factsOf(operation))) return { content: parseOrRefuse(must(operation).input.schema, body.input, 'input') }
      const content = parseOrRefuse(CorrectionFields, body.input, 'input')
      return { content, fields: correctableFields.filter((name) => content[name] !== undefined) }
    }
    case 'answer': {
      const partner = must(operation)
      if (body.port === 'ok' && !mayBeOk(partner)) {
        throw new Refusal('invalid', [{ path: 'port', message: 'must be rejected: only the partner can say yes here' }])
      }
      return { port: body.port, content: parseOrRefuse((body.port === 'ok' ? partner.output : partner.rejection).schema, body.value, 'value') }
    }
    case 'confirm':
    case 'mark-inactive':
      return item.kind === 'case' ? {} : { port: 'ok', content: verdictByHand(must(operation), body.action === 'confirm' ? 'active' : 'inactive') }
    default:
      return {}
  }
}

/** A verdict and nothing that only a payer can know, in the shape of the major version that waits for it. */
function verdictByHand(operation: AnyOperation, verdict: 'active' | 'inactive'): unknown {
  const whole = answerByHand(verdict)
  if (operation.output.version >= 2) return operation.output.schema.parse(whole)
  const { basis, manual } = whole
  return operation.output.schema.parse({ verdict, basis, trace: 'by-hand', planName: null, planDates: [], copays: [], manual })
}

function must(operation: AnyOperation | undefined): AnyOperation {
  if (!operation) throw new Error('an action was allowed that needs an operation, and there is none')
  return operation
}
