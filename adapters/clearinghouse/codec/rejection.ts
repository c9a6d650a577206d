import type { AnswerRejection } from '@heliox/core/billing'
import { actionOf, type Loop, reasonOf } from './aaa.ts'
import { coder } from './coder.ts'
import type { Segment } from './found.ts'
import type { LevelKind } from './patients.ts'

const followUp = coder('followUp')

/** One AAA as an answer carries it. Undefined: it is no AAA, because a code is longer than any code can be. */
export function readRejection(segment: Segment, loop: Loop, benefit?: number): AnswerRejection | undefined {
  const [, valid = '', , code = '', advice = ''] = segment
  if (code.length > 3 || advice.length > 2) return undefined
  const rejection = { loop, valid: valid === 'Y', code: code || '-', followUp: advice }
  const { label, who, class: cls } = reasonOf(rejection.code)
  return {
    loop,
    requestValid: rejection.valid,
    reason: cls === 'unknown' ? { code: rejection.code } : { code: rejection.code, label },
    followUp: followUp(advice),
    who,
    action: actionOf(rejection),
    benefit,
  }
}

const nameLoops = { '20': '2100A', '21': '2100B', '22': '2100C', '23': '2100D' } as const
/** The loop of an AAA above the benefits. Only the payer's level has a place before the name. */
export const loopOf = (kind: LevelKind, named: boolean): Loop => (kind === '20' && !named ? '2000A' : nameLoops[kind])
export const benefitLoop = (kind: LevelKind): Loop => (kind === '23' ? '2110D' : '2110C')

/** Every reason passes by itself: the payer could not answer now, which is neither a yes nor a no. */
export const isNotNow = (rejections: readonly AnswerRejection[]): boolean => rejections.length > 0 && rejections.every((one) => one.action === 'retry')
