import type { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import { type Answer, type CallContext, PartnerFault, type ValueOf } from '@heliox/core/kit'
import { toAnswer, toRejection } from './codec/eligibility-answer.ts'
import { encode270, traceOf } from './codec/eligibility-inquiry.ts'
import { findAnswer } from './codec/eligibility-response.ts'
import { type Interchange, readInterchange } from './codec/envelope.ts'
import { X12Problem } from './codec/problem.ts'
import { element } from './codec/segments.ts'
import { decide } from './codec/verdict.ts'
import type { ClearinghouseConfig, ClearinghouseSecrets } from './config.ts'
import { postInquiry } from './transport/rest.ts'

type Inquiry = ValueOf<typeof EligibilityInquiry>
type EligibilityResult = Answer<ValueOf<typeof EligibilityAnswer>, ValueOf<typeof EligibilityRejection>>

/** One 270 out, one 271 in. Every way in which the 271 is not clearly the answer to this 270 is a fault, never a verdict. */
export async function checkEligibility(inquiry: Inquiry, ctx: CallContext<ClearinghouseConfig, ClearinghouseSecrets>): Promise<EligibilityResult> {
  const request = blaming('Our 270 could not be written', () => encode270(inquiry, { ...ctx.config, idempotencyKey: ctx.idempotencyKey, at: ctx.now() }))
  const bytes = await postInquiry(Buffer.from(request), ctx, 20_000)
  return blaming("The clearinghouse's answer is damaged", () => readAnswer(decode(bytes), inquiry, ctx.config.usage))
}

/** Pure: the text of a 271 to the answer for this inquiry. */
export function readAnswer(text: string, inquiry: Inquiry, usage: 'T' | 'P'): EligibilityResult {
  const interchange = readInterchange(text)
  refuseAcknowledgement(interchange)
  // A test system that answers in production knows nothing about real members, and the reverse must not pass either.
  if (interchange.usage !== usage) throw new PartnerFault('contract', `The answer is marked for ${interchange.usage === 'T' ? 'test' : 'production'} (ISA15).`)
  const trace = traceOf(inquiry.requestId)
  const response = findAnswer(interchange, trace)
  if (response === 'not-ours') throw new PartnerFault('contract', 'The answer does not carry our trace: it belongs to another inquiry.')
  const verdict = decide(response, { ...inquiry, day: inquiry.serviceDate })
  if (verdict.is === 'not-now') throw new PartnerFault('unavailable', 'The payer cannot answer now.')
  if (verdict.is === 'rejected') return { is: 'rejected', value: toRejection(verdict.reasons) }
  return { is: 'ok', value: toAnswer(response, verdict, trace) }
}

/** TA1 and 999 speak about our envelope and syntax, not about the patient. */
function refuseAcknowledgement(interchange: Interchange): void {
  const refused = interchange.acknowledgements.find((ta1) => element(ta1, 4) !== 'A' && element(ta1, 4) !== 'E')
  if (refused)
    throw new PartnerFault('contract', 'The clearinghouse refused our interchange (TA1).', {
      detail: `TA105 ${/^\d{3}$/.test(element(refused, 5)) ? element(refused, 5) : 'unreadable'}`,
    })
  if (interchange.transactions.some((t) => t.set === '271')) return
  const syntax = interchange.transactions.some((t) => t.set === '999')
  throw new PartnerFault('contract', syntax ? 'The clearinghouse answered with a 999 in place of a 271.' : 'The clearinghouse answered without a 271.')
}

function blaming<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof X12Problem) throw new PartnerFault('contract', `${what} (${error.code}).`, { detail: error.message, cause: error })
    throw error
  }
}

/** UTF-8, and Latin-1 where it is not: names may come in either, and a verdict hangs on neither. */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return new TextDecoder('latin1').decode(body)
  }
}
