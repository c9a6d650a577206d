import {
  byBatch,
  type EligibilityAnswer,
  type EligibilityAnswerV2,
  type EligibilityInquiry,
  type EligibilityInquiryV2,
  type EligibilityRejection,
  type EligibilityRejectionV2,
} from '@heliox/core/billing'
import { type Answer, type FaultKind, PartnerFault, type ValueOf } from '@heliox/core/kit'
import { X12Problem } from './codec/problem.ts'
import { readRealTimeAnswer, refuseMarked, toAnswerV1, toInquiryV2, toRejectionV1 } from './codec/real-time.ts'
import { write270 } from './codec/write270.ts'
import { takeControlNumber } from './control-number.ts'
import { signsOf } from './signs.ts'
import type { ClearinghouseContext } from './transport/http.ts'
import { postInquiry } from './transport/rest.ts'

type Inquiry = ValueOf<typeof EligibilityInquiryV2>
type Rejection = ValueOf<typeof EligibilityRejectionV2>
type Result = Answer<EligibilityAnswerV2, Rejection>

/** CORE 156: a real-time answer takes at most 20 s. */
export const answerMsMax = 20_000

/** One 270 out, one 271 in. Every way in which the 271 is not clearly the answer to this 270 is a fault or `unknown`, never a verdict. */
export async function checkEligibility(inquiry: Inquiry, ctx: ClearinghouseContext): Promise<Result> {
  const { number, takenAt } = await takeControlNumber(ctx)
  const { bytes, mock } = await postInquiry(write(inquiry, ctx, number, takenAt), ctx, answerMsMax)
  return readRealTimeAnswer(bytes, inquiry, { usage: ctx.config.usage, mock })
}

/** The first major, for flows that were released with it: the same question and answer, told in fewer words. */
export async function checkEligibilityV1(
  inquiry: ValueOf<typeof EligibilityInquiry>,
  ctx: ClearinghouseContext,
): Promise<Answer<ValueOf<typeof EligibilityAnswer>, ValueOf<typeof EligibilityRejection>>> {
  const asked = toInquiryV2(inquiry)
  const answer = await checkEligibility(asked, ctx)
  // Of the whole answer: in fewer words nobody could tell a lie.
  const signs = signsOf(asked, answer)
  if (answer.is === 'rejected') return { is: 'rejected', value: toRejectionV1(answer.value), signs }
  refuseMarked(answer.value)
  return { is: 'ok', value: toAnswerV1(answer.value, inquiry.requestId), signs }
}

const notAnswered: ReadonlySet<FaultKind> = new Set<FaultKind>(['unavailable', 'timeout', 'throttled', 'uncertain'])

/** A payer that also answers by batch is asked there when its real-time door gives nothing. What a person must look at is held as ever. */
export function otherDoor(inquiry: Inquiry, kind: FaultKind): Result | undefined {
  if (inquiry.route !== 'real-time-or-batch' || !notAnswered.has(kind)) return undefined
  return { is: 'rejected', value: byBatch }
}

function write(inquiry: Inquiry, { config }: ClearinghouseContext, control: number, at: Date): Buffer {
  try {
    return write270([inquiry], { ...config, control, at }).bytes
  } catch (error) {
    if (!(error instanceof X12Problem)) throw error
    throw new PartnerFault('contract', `Our 270 could not be written (${error.code}).`, { detail: error.message, cause: error })
  }
}
