import { contentOf, setOf } from '../answers/compose.ts'
import type { Clearinghouse } from '../clearinghouse.ts'
import type { Behaviour } from '../scenario/behaviours.ts'
import { rows999, ta1Row, version999 } from '../x12/acknowledge.ts'
import { type Inquiry, inquiriesOf } from '../x12/inquiry.ts'
import { readInterchanges, type SentGroup, type SentInterchange } from '../x12/read.ts'
import { type OutGroup, writeInterchange } from '../x12/write.ts'

/** One 270 of the real-time door: whole, sound, one patient. */
export interface Asked {
  inquiry: Inquiry
  interchange: SentInterchange
  group: SentGroup
  setControl: string
}

export function readAsked(text: string): Asked | { refused: string } {
  const [interchange, ...more] = readInterchanges(text)
  if (!interchange) return { refused: 'no ISA' }
  if (interchange.note !== '000') return { refused: 'counts or control numbers' }
  const [group, set] = [interchange.groups[0], interchange.groups[0]?.sets[0]]
  if (more.length > 0 || interchange.groups.length !== 1 || !group || group.sets.length !== 1 || !set) return { refused: 'one transaction at a time' }
  if (!group.sound) return { refused: 'counts or control numbers' }
  const inquiries = inquiriesOf(set, interchange)
  if (!Array.isArray(inquiries)) return { refused: inquiries.reason }
  const [inquiry, ...others] = inquiries
  if (!inquiry || others.length > 0) return { refused: 'one patient at a time' }
  return { inquiry, interchange, group, setControl: set.control }
}

/** The answer's bytes as latin1 text, whole; how they arrive is the door's matter. */
export function answerText(house: Clearinghouse, asked: Asked, behaviour: Behaviour): string {
  const { inquiry, group, interchange } = asked
  const at = house.clock.now()
  const control = house.nextNumber()
  const usage = behaviour.behaviour === 'test-marked' && !isMock(behaviour) ? otherUsage(inquiry.usage) : inquiry.usage
  const wrap = (groups: readonly OutGroup[], ta1: readonly (readonly string[])[] = []) =>
    writeInterchange({ from: inquiry.receiver, to: inquiry.submitter, usage, control, at, delimiters: house.format(inquiry.delimiters), ta1, groups })
  switch (behaviour.behaviour) {
    case 'ta1-only':
      return wrap([], [ta1Row(interchange, '000')])
    case 'ta1-reject':
      return wrap([], [ta1Row(interchange, behaviour.note ?? '024')])
    case '999-reject':
    case '999-partial': {
      const outcome = { control: asked.setControl, is: 'rejected' } as const
      const rows = rows999(group, [outcome], behaviour.behaviour === '999-reject' ? 'whole-group' : 'each')
      return wrap([{ functionalId: 'FA', control, sets: [{ code: '999', control: '0001', version: version999, rows }] }])
    }
    default: {
      const content = contentOf(inquiry, behaviour)
      const sets = [setOf(content, at, 1), ...(behaviour.behaviour === 'duplicate-answer' ? [setOf(content, at, 2)] : [])]
      return wrap([{ functionalId: 'HB', control, sets }])
    }
  }
}
/** Marked by a header of the door, and not by its interchange. */
export const isMock = (behaviour: Behaviour): boolean => behaviour.behaviour === 'test-marked' && behaviour.by === 'header'
const otherUsage = (usage: string): string => (usage === 'P' ? 'T' : 'P')
