import type { Inquiry } from './x12.ts'

/**
 * What the simulated payers say. By payer and member id, so that a demo can be read: QUIET3 never answers, `INACT…` is a member
 * whose plan ended, `UNKNOWN…` is nobody's member, everyone else at HELIO1 and NORTH2 is covered.
 */
export type Reply = { rows: string[][]; answered: boolean }

const payers = new Set(['HELIO1', 'NORTH2', 'QUIET3'])

export function replyTo(inquiry: Inquiry, force?: 'reject'): Reply {
  if (!payers.has(inquiry.payer.id)) return { rows: [...source(inquiry, '0'), ['AAA', 'N', '', '79', 'C']], answered: true }
  // An outage is no answer: the payer did nothing, so it is not counted as an effect.
  if (inquiry.payer.id === 'QUIET3') return { rows: [...source(inquiry, '0'), ['AAA', 'Y', '', '42', 'R']], answered: false }
  const member = inquiry.member.id.toUpperCase()
  if (force === 'reject') return { rows: turnedDown(inquiry, '72'), answered: true }
  if (member.startsWith('UNKNOWN')) return { rows: turnedDown(inquiry, '75'), answered: true }
  return { rows: member.startsWith('INACT') ? ended(inquiry) : covered(inquiry), answered: true }
}

const source = (q: Inquiry, more: '0' | '1'): string[][] => [
  ['HL', '1', '', '20', more],
  ['NM1', 'PR', '2', q.payer.name, '', '', '', '', 'PI', q.payer.id],
]
const upToMember = (q: Inquiry): string[][] => [
  ...source(q, '1'),
  ['HL', '2', '1', '21', '1'],
  ['NM1', '1P', '2', q.provider.name, '', '', '', '', 'XX', q.provider.npi],
  ['HL', '3', '2', '22', '0'],
  ['TRN', '2', q.trace.id, q.trace.origin],
  ['NM1', 'IL', '1', q.member.family, q.member.given, '', '', '', 'MI', q.member.id],
]
const turnedDown = (q: Inquiry, code: string): string[][] => [...upToMember(q), ['AAA', 'N', '', code, 'C']]

const demographics = (q: Inquiry): string[] => ['DMG', 'D8', q.member.born, q.member.sex]

function covered(q: Inquiry): string[][] {
  const year = q.day.slice(0, 4)
  return [
    ...upToMember(q),
    demographics(q),
    ['DTP', '346', 'D8', `${year}0101`],
    ['DTP', '347', 'D8', `${year}1231`],
    ['EB', '1', 'IND', '30', 'HM', q.payer.id === 'NORTH2' ? 'NORTHWIND CHOICE' : 'HELIO GOLD'],
    ['EB', 'B', 'IND', '98', '', '', '27', '25', '', '', '', '', 'Y'],
    ['EB', 'B', 'IND', '98', '', '', '27', '60', '', '', '', '', 'N'],
    ['EB', 'C', 'IND', '30', '', '', '23', '1500', '', '', '', '', 'Y'],
    ['EB', 'A', 'IND', '30', '', '', '', '', '.2', '', '', '', 'Y'],
  ]
}

function ended(q: Inquiry): string[][] {
  const before = Number(q.day.slice(0, 4)) - 1
  return [...upToMember(q), demographics(q), ['DTP', '347', 'D8', `${before}1231`], ['EB', '6', 'IND', '30', 'HM', 'HELIO GOLD']]
}
