import type { AnswerSigns } from '@heliox/core/kit'
import { expect } from 'chai'
import fc from 'fast-check'
import { clearinghouse } from './adapter.ts'
import { readRealTimeAnswer } from './codec/real-time.ts'
import { inquiryV2 as asked } from './fixtures/inquiry.ts'
import { bytesOf } from './fixtures/real-time.ts'
import { answer, bht, clinic, type EnvelopeOptions, interchange, member, payer, rows, trace } from './fixtures/response.ts'
import { signsOf } from './signs.ts'

const seen = (text: string, about = asked): AnswerSigns => {
  const signs = signsOf(about, readRealTimeAnswer(bytesOf(text), about, { usage: 'T' }))
  if (!signs) throw new Error('no signs')
  return signs
}
const said = (...benefits: string[]): AnswerSigns => seen(answer(rows(...benefits)))
/** The patient's level as another wrote it. */
const levels = (...texts: string[]) =>
  seen(interchange([[bht(), ...payer, ...clinic, ['HL', '3', '2', '22', '0'], ['TRN', '2', trace, '9HELIOXHUB'], ...rows(...texts)]]))
const full = ['DTP*346*D8*20260101', 'DTP*347*D8*20261231', 'EB*1*IND*30*HM*HELIO GOLD', 'EB*B*IND*98***27*25']

describe('The signs of an answer', () => {
  it('are told by the second major of the operation', () => {
    expect(clearinghouse.operations.checkEligibility.signsOf).to.equal(signsOf)
  })
  it('of an ordinary yes are none but that it says yes, with dates and plan', () => {
    expect(said(...full)).to.deep.include({ says: 'yes', empty: false, testMarked: false, echo: [], hasDates: true, hasPlan: true })
  })
  it('of a bare yes miss dates and plan', () => {
    expect(said('EB*1**30')).to.deep.include({ says: 'yes', empty: false, echo: [], hasDates: false, hasPlan: false })
  })
  const rejected: [aaa: string, says: AnswerSigns['says']][] = [
    ['AAA*N**72*C', 'no'],
    ['AAA*N**75*C', 'no'],
    ['AAA*N**52*C', 'no'],
    ['AAA*N**41*N', 'neither'],
    ['AAA*N**15*C', 'neither'],
  ]
  for (const [aaa, says] of rejected)
    it(`of ${aaa}: says ${says}${says === 'no' ? ' about the member' : ', since that is our own setup'}`, () =>
      expect(said(aaa)).to.deep.include({ says, empty: false, echo: [] }))
  it('of "inactive" say no', () => expect(said('EB*6**30').says).to.equal('no'))
  it('of a whole answer without a benefit say that it is empty', () => {
    expect(said()).to.include({ says: 'neither', empty: true })
    expect(said('EB*V**30')).to.include({ says: 'neither', empty: false })
  })
  it('are marked where ISA15 is, and tell what it would have said', () => {
    const marked = (text: string, options: EnvelopeOptions = { usage: 'P' }) => seen(answer(rows(text), options))
    expect(marked('EB*1**30')).to.include({ testMarked: true, says: 'yes' })
    expect(marked('EB*6**30')).to.include({ testMarked: true, says: 'no' })
    expect(marked('EB*1**30', {})).to.include({ testMarked: false })
  })
  it('of an answer to another question are that, and nothing of it', () => {
    const foreign = seen(interchange([[bht('THEIRS'), ...payer, ...clinic, ...member(rows('EB*1**30'), 'SOMEBODY')]]))
    expect(foreign).to.deep.include({ says: 'neither', empty: false, echo: ['trace'] })
    expect(foreign.body).not.to.match(/MARLOWE|SOMEBODY/)
  })

  const echoes: [title: string, lines: string[], echo: string[]][] = [
    ['somebody else with our trace', ['NM1*IL*1*OTHERWISE*TERRY****MI*XZ9900417', 'DMG*D8*19610303*M', ...full], ['birth-date', 'member-id', 'name']],
    ['another birth date', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DMG*D8*19840618*F', ...full], ['birth-date']],
    ['a birth date that is none', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DMG*D8*19841317*F', ...full], ['birth-date']],
    ['another name and number, and no birth date', ['NM1*IL*1*OTHERWISE*TERRY****MI*XZ9900417', ...full], ['member-id', 'name']],
    ['a new number, the right birth date', ['NM1*IL*1*MARLOWE*ROSA****MI*NEW1', 'DMG*D8*19840617*F', ...full], []],
    ['a person whom the payer corrected', ['NM1*IL*1*MARLOWE RIGHT*ROSA****MI*HX4471002', 'DMG*D8*19840618*F', 'INS*Y*18*001*25', ...full], []],
    ['nobody named', ['NM1*IL*1', ...full], []],
    ['another day', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DTP*291*D8*20260415', ...full], ['service-date']],
    ['the day asked', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DTP*291*D8*20261201', ...full], []],
    ['the first day of the plan in the place of the day', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DTP*291*D8*20260301', ...full], []],
    ['a first day that is told as one', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DTP*291*D8*20260415', 'DTP*346*D8*20260415', 'EB*1**30'], []],
    ['a span', ['NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'DTP*291*RD8*20260415-20270414', 'EB*1**30'], []],
  ]
  for (const [title, lines, echo] of echoes) it(`name what differs: ${title}`, () => expect(levels(...lines).echo).to.have.members(echo))

  it('name the payer and the clinic where their ids differ, and not where they are of another kind', () => {
    const about = (pr: string, clinicId: string) =>
      seen(
        interchange([
          [
            bht(),
            ['HL', '1', '', '20', '1'],
            ['NM1', 'PR', '2', 'X', '', '', '', '', ...pr.split(' ')],
            ['HL', '2', '1', '21', '1'],
            ['NM1', '1P', '2', 'Y', '', '', '', '', ...clinicId.split(' ')],
            ...member(rows(...full)),
          ],
        ]),
      ).echo
    expect(about('PI HELIO1', 'XX 1234567893')).to.deep.equal([])
    expect(about('PI OTHER', 'XX 1999999984')).to.have.members(['payer', 'provider'])
    expect(about('XV 00123', 'SV 77')).to.deep.equal([])
  })

  it('have one body for one content, however it is numbered and stamped', () => {
    const one = said(...full)
    const again = seen(answer(rows(...full), { control: '000000906' }).replace('20261201*0910~HL', '20261201*1711~HL'))
    expect(again.body).to.equal(one.body)
    expect(said(...full, 'EB*C*IND*30***23*1500').body).not.to.equal(one.body)
  })
  it('have another body for another person', () => {
    const other = levels('NM1*IL*1*MARLOWE*JUAN****MI*HX4471003', ...full)
    expect(other.body).not.to.equal(levels('NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', ...full).body)
  })
  it('have one subject for one member, however it is written, and another for another', () => {
    const subject = (over: Partial<typeof asked>) => seen(answer(rows(...full)), { ...asked, ...over }).subject
    expect(subject({ memberId: 'hx-4471002', givenName: 'Rosalie', serviceDate: '2026-12-24' })).to.equal(subject({}))
    for (const over of [{ memberId: 'HX4471003' }, { birthDate: '1984-06-18' }, { payerId: 'NORTH2' }])
      expect(subject(over), JSON.stringify(over)).not.to.equal(subject({}))
  })
  it('say for which canary it was asked', () => expect(seen(answer(rows(...full)), { ...asked, canary: 'inactive' }).canary).to.equal('inactive'))
  it('of "ask by batch" are none: that is said by us', () => {
    expect(signsOf(asked, { is: 'rejected', value: { next: 'batch', reasons: [] } })).to.equal(undefined)
  })
  it('can be made of any answer, and are the same each time', () => {
    const segment = fc.constantFrom(...full, 'EB*6**30', 'EB*V**30', 'AAA*N**72*C', 'DTP*291*D8*20260415', 'MSG*HELLO', 'REF*18*G77', 'EB*I*IND*30')
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (lines) => {
        let read: ReturnType<typeof readRealTimeAnswer>
        try {
          read = readRealTimeAnswer(bytesOf(answer(rows(...lines))), asked, { usage: 'T' })
        } catch {
          return
        }
        expect(signsOf(asked, read)).to.deep.equal(signsOf(asked, read))
      }),
      { numRuns: 200 },
    )
  })
})
