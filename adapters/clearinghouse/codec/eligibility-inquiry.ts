import { createHash } from 'node:crypto'
import type { EligibilityInquiry } from '@heliox/core/billing'
import type { ValueOf } from '@heliox/core/kit'
import { latin } from './latin.ts'
import { stamps, writeInterchange, writeSegment } from './write.ts'

export const inquiryVersion = '005010X279A1'

/** TRN02 and BHT03: from the request's random id, so it names nobody, and the payer must give it back. */
export const traceOf = (requestId: string): string => requestId.replaceAll('-', '').toUpperCase()

/** The same effect key always gives the same control number: a resend then shows itself as one. */
export const controlNumberOf = (idempotencyKey: string): number => (createHash('sha256').update(idempotencyKey).digest().readUIntBE(0, 6) % 999_999_999) + 1

/**
 * One 270 for one patient, asked as the subscriber: a person whom the payer can tell by the card's own number is sent so even when
 * a parent holds the policy. TRN stands on the patient's level.
 */
export function encode270(
  inquiry: ValueOf<typeof EligibilityInquiry>,
  facts: { submitterId: string; receiverId: string; usage: 'T' | 'P'; traceOrigin: string; idempotencyKey: string; at: Date },
): string {
  const trace = traceOf(inquiry.requestId)
  const [date, time] = stamps(facts.at)
  const compact = (isoDate: string): string => isoDate.replaceAll('-', '')
  const body = [
    writeSegment('BHT', ['0022', '13', trace, date, time], 'header'),
    writeSegment('HL', ['1', '', '20', '1'], '2000A'),
    writeSegment('NM1', ['PR', '2', latin(inquiry.payerName), '', '', '', '', 'PI', inquiry.payerId], '2100A'),
    writeSegment('HL', ['2', '1', '21', '1'], '2000B'),
    writeSegment('NM1', ['1P', '2', latin(inquiry.providerName), '', '', '', '', 'XX', inquiry.providerNpi], '2100B'),
    writeSegment('HL', ['3', '2', '22', '0'], '2000C'),
    writeSegment('TRN', ['1', trace, facts.traceOrigin], '2000C'),
    writeSegment('NM1', ['IL', '1', latin(inquiry.familyName), latin(inquiry.givenName), '', '', '', 'MI', inquiry.memberId], '2100C'),
    // DMG03 knows F and M only in a 270; unknown is left out.
    writeSegment('DMG', ['D8', compact(inquiry.birthDate), inquiry.payerSex === 'U' ? '' : inquiry.payerSex], '2100C'),
    writeSegment('DTP', ['291', 'D8', compact(inquiry.serviceDate)], '2100C'),
    ...inquiry.serviceTypes.map((code) => writeSegment('EQ', [code], '2110C')),
  ]
  return writeInterchange(
    { submitterId: facts.submitterId, receiverId: facts.receiverId, usage: facts.usage, controlNumber: controlNumberOf(facts.idempotencyKey), at: facts.at },
    { functional: 'HS', code: '270', version: inquiryVersion, body },
  )
}
