import type { AnswerRejection } from '@heliox/core/billing'
import type { Segment } from './found.ts'
import { tag } from './lines.ts'
import { type Level, type Scan, segmentOf } from './patients.ts'
import { decides, readSpan, type Span } from './periods.ts'
import type { ProblemCode } from './problem.ts'
import { loopOf, readRejection } from './rejection.ts'

/** What a level says before its first EB, as far as a verdict needs it. */
export interface Own {
  /** AAA here turns down the request from this level on. */
  rejections: AnswerRejection[]
  /** Dates that decide. */
  periods: Span[]
  damage: ProblemCode | null
}

/** Once per level. */
export function ownOf(scan: Scan, level: Level): Own {
  level.own ??= readOwn(scan, level)
  return level.own
}

function readOwn(scan: Scan, level: Level): Own {
  const own: Own = { rejections: [], periods: [], damage: null }
  let named = false
  for (let i = level.from; i < level.benefitsFrom; i += 1) {
    switch (scan.tags[i]) {
      case tag.NM1:
        named = true
        break
      case tag.AAA: {
        const rejection = readRejection(segmentOf(scan, i), loopOf(level.kind, named))
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
