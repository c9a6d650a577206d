import { expect } from 'chai'
import { languageTags } from '../../kit/index.ts'
import { isStoppable, messageKinds } from '../../messaging/index.ts'
import { fill, messageKeys } from '../catalogue.ts'
import { endedOnce } from '../ended-once.ts'
import { type LetterFacts, letterOf, textOf } from './index.ts'

const facts: LetterFacts = {
  ...{ kind: 'invitation', language: 'en', clinic: 'Lakeside', phone: '+1 312 555 0100', startsAt: '2026-02-09T15:20:00Z', timeZone: 'America/Chicago' },
  ...{ url: 'https://hub.example/i/tok', code: null, unsubscribeUrl: null },
}
const hours = Array.from({ length: 24 }, (_, hour) => new Date(Date.UTC(2026, 1, 9, hour, 20)).toISOString())

describe('letters', () => {
  it('end no sentence twice, whatever hour it is and whatever the clinic is called', () => {
    const seen = new Set<string>()
    for (const kind of messageKinds)
      for (const language of languageTags)
        for (const [index, startsAt] of hours.entries())
          for (const clinic of index === 0 ? ['Lakeside', 'Lakeside Inc.'] : ['Lakeside']) {
            const of = { ...facts, kind, language, startsAt, clinic, ...(kind === 'code' ? { url: null, code: '042137' } : {}) }
            const { subject, paragraphs, button, footer } = letterOf({ ...of, unsubscribeUrl: 'https://hub.example/stop/t' })
            for (const text of [textOf(of), subject, ...paragraphs, button, footer]) {
              expect(text, `${kind} ${language} ${startsAt}`).not.to.contain('..')
              seen.add(text)
            }
          }
    expect(
      [...seen].some((text) => /\d a\.m\. https/.test(text)),
      'no Spanish text ends with a time: this proves nothing',
    ).to.equal(true)
  })

  it('nor do the pages, whatever is put into their sentences', () => {
    const names = ['visit', 'clinic', 'phone', 'when', 'until', 'amount', 'correlationId', 'payer', 'reference', 'language', 'version', 'page', 'pages']
    const values = new Proxy(Object.fromEntries(names.map((name) => [name, 'x.'])), { get: () => 'a las 9:20 a. m.' })
    for (const key of messageKeys)
      for (const language of languageTags) expect(fill(key, language, values), `${key} ${language}`).not.to.match(/(^|[^.])\.\.($|[^.])/)
    expect(endedOnce('9:20 a. m.. And more... so.')).to.equal('9:20 a. m. And more... so.')
  })

  it('say of a visit no more than an invitation does: the clinic, the day and the time', () => {
    expect(textOf({ ...facts, kind: 'moved' })).to.equal(
      'Lakeside: please note that your visit is now on Mon, Feb 9, 9:20 AM. https://hub.example/i/tok\nReply STOP for no more texts.',
    )
    expect(textOf({ ...facts, kind: 'cancelled', url: null })).to.equal(
      'Lakeside: your visit on Mon, Feb 9, 9:20 AM is cancelled.\nReply STOP for no more texts.',
    )
  })

  it('say how to stop, in every text but a code, and in a mail that can be stopped', () => {
    for (const kind of messageKinds)
      for (const language of languageTags) {
        const of = { ...facts, kind, language, code: kind === 'code' ? '042137' : null }
        expect(textOf(of).includes('STOP'), `${kind} ${language}`).to.equal(kind !== 'code')
        const [without, withStop] = [letterOf(of).footer, letterOf({ ...of, unsubscribeUrl: 'https://hub.example/stop/t' }).footer]
        expect(withStop.startsWith(without)).to.equal(true)
        expect(withStop.endsWith(':')).to.equal(true)
      }
    expect(messageKinds.filter((kind) => !isStoppable(kind))).to.deep.equal(['code', 'moved', 'cancelled'])
  })
})
