import type { AnswerRejection, ToldPerson } from '@heliox/core/billing'
import type { Segment } from './found.ts'
import { tag } from './lines.ts'
import { type Level, type Scan, segmentOf } from './patients.ts'
import { decides, isoDate, readSpan, type Span } from './periods.ts'
import type { ProblemCode } from './problem.ts'
import { loopOf, readRejection } from './rejection.ts'

/** What a level says before its first EB, as far as a verdict needs it. */
export interface Own {
  /** AAA here turns down the request from this level on. */
  rejections: AnswerRejection[]
  /** Dates that decide. */
  periods: Span[]
  /** Where NM1, DMG and INS stand; 0 for none. Only who compares persons cuts them. */
  name: number
  demographics: number
  ins: number
  damage: ProblemCode | null
}

export function readOwn(scan: Scan, level: Level): Own {
  const own: Own = { rejections: [], periods: [], name: 0, demographics: 0, ins: 0, damage: null }
  for (let i = level.from; i < level.benefitsFrom; i += 1) {
    switch (scan.tags[i]) {
      case tag.NM1:
        own.name ||= i
        break
      case tag.DMG:
        own.demographics ||= i
        break
      case tag.INS:
        own.ins ||= i
        break
      case tag.AAA: {
        const rejection = readRejection(segmentOf(scan, i), loopOf(level.kind, own.name !== 0))
        if (rejection) own.rejections.push(rejection)
        else own.damage = 'bad-segment'
        break
      }
      case tag.DTP:
        if (!addSpan(own.periods, segmentOf(scan, i))) own.damage = 'bad-segment'
        break
    }
  }
  return own
}

/** False: a date that decides cannot be read. */
export function addSpan(periods: Span[], dtp: Segment): boolean {
  const [, qualifier = '', format = '', value = ''] = dtp
  if (!decides(qualifier)) return true
  const span = readSpan(qualifier, format, value)
  if (span) periods.push(span)
  return span !== undefined
}

/** INS03/04 `001/25`: the payer corrected who the patient is. */
export function isCorrected(scan: Scan, own: Own): boolean {
  const ins = own.ins === 0 ? undefined : segmentOf(scan, own.ins)
  return ins?.[3] === '001' && ins[4] === '25'
}
/** DMG02. A birth date that cannot be read is told all the same, and is not ours. */
const birthDateOf = (dmg: Segment): string | null => (dmg[1] === 'D8' && dmg[2] ? (isoDate(dmg[2]) ?? 'unreadable') : null)

/** Who is answered about. The subscriber's id where a dependent has none of its own. */
export function toldPerson(scan: Scan, own: Own, subscriber: Own | undefined): ToldPerson {
  const cut = (i: number | undefined): Segment => (i ? segmentOf(scan, i) : [])
  const told = (segment: Segment, n: number): string | null => segment[n]?.trim() || null
  const name = cut(own.name)
  return {
    memberId: told(name, 9) ?? told(cut(subscriber?.name), 9),
    familyName: told(name, 3),
    givenName: told(name, 4),
    birthDate: birthDateOf(cut(own.demographics)),
    corrected: isCorrected(scan, own),
  }
}
