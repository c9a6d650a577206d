import { type EligibilityInquiryV2, traceOf } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { latin } from './latin.ts'
import { X12Problem } from './problem.ts'

export type Inquiry = ValueOf<typeof EligibilityInquiryV2>
export interface InterchangeFacts {
  /** ISA06 and GS02; ISA08 and GS03. */
  submitterId: string
  receiverId: string
  /** ISA15. */
  usage: 'T' | 'P'
  /** TRN03: who the trace is from. */
  traceOrigin: string
  /** ISA13 and GS06: 1 to 999,999,999, never used before except to send the same bytes again. */
  control: number
  /** ISA09/10, GS04/05 and BHT04/05, in UTC: no zone can be said in an envelope, and one rule is better than a server's own zone. */
  at: Date
}
interface Written270 {
  text: string
  bytes: Buffer
  /** Acknowledgements come back by ST02. */
  sets: { st02: string; requestId: string }[]
}

/** Inquiries that X12 cannot hold, with the place (`2100C NM103`), never the value. */
type Unwritten270 = { requestId: string; place: string }[]

const inquiryVersion = '005010X279A1'
const setsMax = 10_000

/**
 * One interchange, one group, one ST per patient: a 999 that refuses a set then refuses one patient. Pure: the same inquiries and facts
 * give the same bytes. 005010 has no release character, so a value that holds a delimiter, a control character or anything outside
 * printable ASCII is refused with its place (`ST 3 2100C NM103`): escaping is impossible, and dropping characters would ask about another
 * person. Throws `X12Problem`.
 */
export function write270(inquiries: readonly Inquiry[], facts: InterchangeFacts): Written270 {
  return written(inquiries, facts, (problem, index) => {
    throw inquiries.length === 1 ? problem : new X12Problem(problem.code, `ST ${index + 1} ${problem.place}`)
  })
}

/**
 * The same, without the inquiries that cannot be written: one name must not keep hundreds of patients from being asked about. Undefined:
 * none is left. Throws `X12Problem` for what concerns all: the envelope, our own ids, too many.
 */
export function writeBatch270(inquiries: readonly Inquiry[], facts: InterchangeFacts): { file: Written270 | undefined; unwritten: Unwritten270 } {
  const unwritten: Unwritten270 = []
  const file = written(inquiries, facts, ({ place }, index) => {
    const requestId = inquiries[index]?.requestId
    if (requestId !== undefined) unwritten.push({ requestId, place })
  })
  return { file: file.sets.length > 0 ? file : undefined, unwritten }
}

function written(inquiries: readonly Inquiry[], facts: InterchangeFacts, refused: (problem: X12Problem, index: number) => void): Written270 {
  if (inquiries.length === 0 || inquiries.length > setsMax) throw new X12Problem('too-large', 'ISA')
  const iso = facts.at.toISOString()
  const moment = { date: iso.slice(0, 10).replaceAll('-', ''), time: iso.slice(11, 16).replace(':', '') }
  const sets: Written270['sets'] = []
  let text = head(facts, moment)
  const origin = safe(facts.traceOrigin, 'TRN03')
  for (const [index, inquiry] of inquiries.entries()) {
    const st02 = String(sets.length + 1).padStart(4, '0')
    try {
      text += set(inquiry, st02, origin, moment)
      sets.push({ st02, requestId: inquiry.requestId })
    } catch (error) {
      if (!(error instanceof X12Problem)) throw error
      refused(error, index)
    }
  }
  text += `GE*${sets.length}*${facts.control}~IEA*1*${isa13(facts.control)}~`
  // Every character is ASCII by now: `safe` let nothing else through.
  return { text, bytes: Buffer.from(text, 'latin1'), sets }
}

interface Moment {
  date: string
  time: string
}
const isa13 = (control: number): string => String(control).padStart(9, '0')

function head(facts: InterchangeFacts, { date, time }: Moment): string {
  const [sender, receiver] = [partyId(facts.submitterId, 'ISA06'), partyId(facts.receiverId, 'ISA08')]
  if (!Number.isInteger(facts.control) || facts.control < 1 || facts.control > 999_999_999) throw new X12Problem('refused-value', 'ISA13')
  const blank = ' '.repeat(10)
  return (
    `ISA*00*${blank}*00*${blank}*ZZ*${sender.padEnd(15)}*ZZ*${receiver.padEnd(15)}*${date.slice(2)}*${time}*^*00501*${isa13(facts.control)}*0*${facts.usage}*:~` +
    `GS*HS*${sender}*${receiver}*${date}*${time}*${facts.control}*X*${inquiryVersion}~`
  )
}
function partyId(id: string, place: string): string {
  if (id === '' || id.length > 15) throw new X12Problem('refused-value', place)
  return safe(id, place)
}

function set(inquiry: Inquiry, st02: string, traceOrigin: string, { date, time }: Moment): string {
  const trace = traceOf(inquiry.requestId)
  const dependent = inquiry.memberId === null
  let [text, segments] = ['', 0]
  const add = (segment: string): void => {
    text += `${segment}~`
    segments += 1
  }
  add(`ST*270*${st02}*${inquiryVersion}`)
  add(`BHT*0022*13*${trace}*${date}*${time}`)
  add('HL*1**20*1')
  add(`NM1*PR*2*${name(inquiry.payerName, '2100A NM103')}*****PI*${safe(inquiry.payerId, '2100A NM109')}`)
  add('HL*2*1*21*1')
  add(`NM1*1P*2*${name(inquiry.providerName, '2100B NM103')}*****XX*${safe(inquiry.providerNpi, '2100B NM109')}`)
  add(`HL*3*2*22*${dependent ? 1 : 0}`)
  // TRN stands at whom we ask about.
  const trn = `TRN*1*${trace}*${traceOrigin}`
  if (inquiry.memberId === null) {
    addHolder(inquiry, add)
    add('HL*4*3*23*0')
    add(trn)
    add(`NM1*03*1*${name(inquiry.familyName, '2100D NM103')}*${name(inquiry.givenName, '2100D NM104')}`)
  } else {
    add(trn)
    const [family, given] = [name(inquiry.familyName, '2100C NM103'), name(inquiry.givenName, '2100C NM104')]
    add(`NM1*IL*1*${family}*${given}****MI*${safe(inquiry.memberId, '2100C NM109')}`)
  }
  // The third reference by which an answer may find its way home, where TRN and BHT do not come back.
  add(`REF*EJ*${trace}`)
  add(born(inquiry.birthDate, inquiry.payerSex))
  if (dependent && inquiry.relationship !== null) add(`INS*N*${inquiry.relationship}`)
  add(`DTP*291*D8*${compact(inquiry.serviceDate)}`)
  for (const code of inquiry.serviceTypes) add(`EQ*${safe(code, dependent ? '2110D EQ01' : '2110C EQ01')}`)
  return `${text}SE*${segments + 1}*${st02}~`
}

/** Loop 2100C of a dependent: the policy is the holder's. */
function addHolder({ holder }: Inquiry, add: (segment: string) => void): void {
  // Neither a number of their own nor a holder: the payer could not tell who is meant.
  if (holder === null) throw new X12Problem('refused-value', '2100C NM109')
  add(`NM1*IL*1*${name(holder.familyName, '2100C NM103')}*${name(holder.givenName, '2100C NM104')}****MI*${safe(holder.memberId, '2100C NM109')}`)
  if (holder.birthDate !== null) add(born(holder.birthDate, holder.payerSex))
}

const compact = (isoDate: string): string => isoDate.slice(0, 4) + isoDate.slice(5, 7) + isoDate.slice(8, 10)
/** DMG03 knows F and M only in a 270; unknown is left out. */
const born = (birthDate: string, sex: Inquiry['payerSex']): string => `DMG*D8*${compact(birthDate)}${sex === 'U' ? '' : `*${sex}`}`
const name = (value: string, place: string): string => safe(latin(value), place)

/** `*`, `:`, `^` and `~` are ours. `:` is a letter of the basic set, so a value that needs it is refused rather than the interchange made odd. */
function safe(value: string, place: string): string {
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charCodeAt(i)
    if (c < 0x20 || c > 0x7d || c === 0x2a || c === 0x3a || c === 0x5e) throw new X12Problem('refused-value', place)
  }
  return value
}
