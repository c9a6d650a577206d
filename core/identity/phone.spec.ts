import { expect } from 'chai'
import { clinicCountryOf } from '../kit/index.ts'
import { contactOf, VisitContactInput } from './contact.ts'
import { IntakeSubmission } from './model.ts'
import { cannotBeCalled, toE164 } from './phone.ts'

const clinics = {
  chicago: { region: 'us-east', timeZone: 'America/Chicago' },
  cologne: { region: 'eu-west', timeZone: 'Europe/Berlin' },
  lyon: { region: 'eu-west', timeZone: 'Europe/Paris' },
  vienna: { region: 'eu-west', timeZone: 'Europe/Vienna' },
  warsaw: { region: 'eu-west', timeZone: 'Europe/Warsaw' },
  faraway: { region: 'eu-west', timeZone: 'America/New_York' },
}

describe('a phone number', () => {
  for (const [clinic, typed, kept] of [
    ['chicago', '(312) 555-0142', '+13125550142'],
    ['cologne', '0221 4710 123', '+492214710123'],
    ['cologne', '0221/4710-123', '+492214710123'],
    ['cologne', '+1 312 555 0142', '+13125550142'],
    ['cologne', '0033 1 99 00 12 34', '+33199001234'],
    ['lyon', '01 99 00 12 34', '+33199001234'],
    ['vienna', '0660 1234567', '+436601234567'],
    ['warsaw', '22 123 45 67', '+48221234567'],
    ['faraway', '+49 221 4710123', '+492214710123'],
    // Nobody can say which country is meant.
    ['faraway', '0221 4710 123', null],
    ['chicago', '555-0142', null],
    ['cologne', '0221 4710 123 ext. 4', null],
  ] as const)
    it(`“${typed}” typed in ${clinic} is ${kept ?? 'none'}, from a patient and at the desk`, () => {
      expect(toE164(typed, clinicCountryOf(clinics[clinic]))).to.equal(kept)
      const contact = contactOf(VisitContactInput.parse({ givenName: 'Ada', familyName: 'Weiß', phone: typed }), clinics[clinic])
      expect(contact?.phone ?? null).to.equal(kept)
    })

  it('may be typed in the form with the strokes and brackets of any country', () => {
    const { phone } = IntakeSubmission.shape.answers.shape
    for (const typed of ['0221/4710-123', '(0221) 4710 123', '01.99.00.12.34', '+49 221 4710123']) expect(phone.safeParse(typed).success, typed).to.equal(true)
    for (const typed of ['0221 4710 x1', 'none', '12', '/'.repeat(21)]) expect(phone.safeParse(typed).success, typed).to.equal(false)
  })

  for (const [clinic, typed] of [
    ['chicago', '(312) 555-0142'],
    ['chicago', '1 312 555 0142'],
    ['chicago', '+1 312 555 0142'],
    ['chicago', '+44 20 7946 0123'],
    ['chicago', '0044 20 7946 0123'],
    // Côte d’Ivoire made its numbers longer in 2021: a length of another country may be newer than our tables.
    ['chicago', '+225 01 02 03 04 05'],
    ['chicago', '+225 01 02 03 04 05 06'],
    ['cologne', '0221/4710-123'],
    ['cologne', '110 110'],
    ['lyon', '01 99 00 12 34'],
    ['faraway', '0221 4710 123'],
    ['faraway', '12 34 567'],
  ] as const)
    it(`“${typed}” from a patient of ${clinic} may be somebody’s`, () => expect(cannotBeCalled(typed, clinicCountryOf(clinics[clinic]))).to.equal(false))

  for (const [clinic, typed] of [
    ['chicago', '+1 000 000 0000'],
    ['chicago', '000 000 0000'],
    ['chicago', '555-0142'],
    ['chicago', '312 155 0142'],
    ['chicago', '112 555 0142'],
    ['chicago', '020 7946 0123'],
    ['cologne', '+1 000 000 0000'],
    ['cologne', '001 112 555 0142'],
    ['cologne', '+49 000 000 000'],
    ['cologne', '0000000'],
    ['lyon', '12345678'],
    ['faraway', '+49 123'],
    ['faraway', '0000000'],
  ] as const)
    it(`“${typed}” from a patient of ${clinic} is nobody’s`, () => expect(cannotBeCalled(typed, clinicCountryOf(clinics[clinic]))).to.equal(true))
})
