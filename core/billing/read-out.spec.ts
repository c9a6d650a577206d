import { expect } from 'chai'
import { answerByHand } from './answer.ts'
import { type ReadOutSection, readEligibilityAnswer, readInquiry, readRejection } from './read-out.ts'

const textOf = (sections: ReadOutSection[], title: string, label: string): string | undefined =>
  sections.find((section) => section.title === title)?.lines.find((line) => line.label === label)?.text

describe('partner data in words', () => {
  it('says what was asked and about whom, without lines that hold nothing', () => {
    const sections = readInquiry({
      ...{ requestId: 'r', route: 'real-time', payerId: 'HELIO1', payerName: 'Helio Health', providerName: 'Lakeside', providerNpi: '1234567893' },
      ...{ memberId: null, givenName: 'Ruth', familyName: 'Okafor', birthDate: '1981-04-09', payerSex: 'F', holder: null, relationship: null },
      ...{ serviceDate: '2026-03-04', serviceTypes: ['30', '98'] },
    })
    expect(sections.map((section) => section.title)).to.deep.equal(['Asked', 'About'])
    expect(sections[0]?.lines[0]).to.deep.equal({ label: 'Payer', text: 'Helio Health', code: 'HELIO1' })
    expect(textOf(sections, 'Asked', 'Service types')).to.equal('30, 98')
    expect(textOf(sections, 'About', 'Member ID')).to.equal(undefined)
  })

  it('says the verdict, why, and who gave it', () => {
    const sections = readEligibilityAnswer(answerByHand('active'))
    expect(textOf(sections, 'Verdict', 'Cover')).to.equal('active')
    expect(textOf(sections, 'Verdict', 'Because')).to.equal('by hand')
    expect(textOf(sections, 'Verdict', 'Given by')).to.equal('a person')
  })

  it('keeps the payer’s code beside our words, and shows it where we have none', () => {
    const reason = (code: string, label?: string) => ({ code, ...(label ? { label } : {}) })
    const one = { loop: '2100C', requestValid: true, followUp: { code: 'C' }, who: 'patient', action: 'correct' } as const
    const sections = readEligibilityAnswer({
      ...answerByHand('unknown'),
      rejections: [
        { ...one, reason: reason('75', 'Subscriber not found') },
        { ...one, reason: reason('ZZ') },
      ],
    })
    const lines = sections.find((section) => section.title === 'Turned down')?.lines.filter((line) => line.label.startsWith('Reason')) ?? []
    expect(lines.map(({ text, code }) => [text, code])).to.deep.equal([
      ['Subscriber not found', '75'],
      ['ZZ', 'ZZ'],
    ])
  })

  it('tells the "no" of a door from that of a payer', () => {
    expect(readRejection({ next: 'batch', reasons: [] })[0]?.lines).to.have.length(1)
    const codes = readRejection({ next: 'record', reasons: [{ loop: '2100C', code: '72', followUp: 'C', who: 'patient' }] })
    expect(textOf(codes, 'Turned down', 'Reason (2100C)')).to.equal('AAA 72')
    expect(readRejection({ reasons: [] })).to.deep.equal([])
  })
})
