import { randomUUID } from 'node:crypto'
import type { LetterFacts, MapFacts, MapReads } from '@heliox/core/kit'
import { languageTags } from '@heliox/core/kit'
import { type LeaveNow, MailMessage, messageKinds, TextMessage } from '@heliox/core/messaging'
import { expect } from 'chai'
import { messageLeave, messageMail, messageRefusedRecord, messageSentRecord, messageText } from './messages.ts'

const messageId = randomUUID()
const root = { messageId, intakeId: randomUUID(), visitId: randomUUID(), kind: 'invitation', channel: 'sms' } as const
const facts: MapFacts<typeof root> = {
  root,
  at: '2026-02-02T15:00:00.000Z',
  tenant: { id: randomUUID(), name: 'Lakeside Oncology', timeZone: 'America/Chicago', npi: '1234567893' },
  manual: false,
  suspicions: [],
}
const nothing: MapReads = {
  patient: {},
  visit: null,
  chart: null,
  payer: null,
  secondPayer: null,
  signedIn: null,
  canary: null,
  batch: [],
  leave: null,
  letter: null,
}
const go: LeaveNow = { messageId, go: 'sms', reason: null, until: null }
const letter: LetterFacts = {
  kind: 'invitation',
  channel: 'sms',
  to: '+13125550142',
  language: 'en',
  clinic: 'Lakeside',
  phone: '+1 312 555 0100',
  startsAt: '2026-02-09T15:20:00.000Z',
  timeZone: 'America/Chicago',
  url: 'https://hub.example/i/tok',
  code: null,
  unsubscribeUrl: null,
  notAfter: '2026-02-09T15:40:00.000Z',
}

describe('maps of the message flow', () => {
  it('word a text of the clinic’s neutral name, the time where the visit is, the link, and how to stop', () => {
    expect(messageText.map(go, facts, { ...nothing, letter })).to.deep.equal({
      messageId,
      to: '+13125550142',
      body: 'Lakeside: please fill in your form before your visit on Mon, Feb 9, 9:20 AM. https://hub.example/i/tok\nReply STOP for no more texts.',
      notAfter: '2026-02-09T15:40:00.000Z',
    })
  })

  it('word every kind in every language, as a text and as a mail, within what both contracts take', () => {
    const longest = { clinic: 'W'.repeat(60), phone: '9'.repeat(30), url: `https://hub.example/status/${'t'.repeat(64)}` }
    const seen = new Set<string>()
    for (const kind of messageKinds)
      for (const language of languageTags) {
        const of = { ...letter, ...longest, kind, language, ...(kind === 'code' ? { url: null, code: '042137' } : {}) }
        const text = TextMessage.schema.parse(messageText.map(go, facts, { ...nothing, letter: of }))
        const mail = MailMessage.schema.parse(messageMail.map(go, facts, { ...nothing, letter: { ...of, channel: 'mail', to: 'a@b.example' } }))
        expect(text.body).not.to.match(/[{}]|undefined/)
        expect(JSON.stringify(mail.paragraphs) + mail.subject + mail.footer).not.to.match(/[{}]|undefined/)
        if (kind === 'code') {
          expect(text.body).to.contain('042137')
          expect(mail).to.deep.include({ link: null, code: '042137' })
          expect(mail.subject).not.to.contain('042137')
        } else {
          expect(text.body).to.contain(longest.url)
          expect(mail.link?.url).to.equal(longest.url)
          expect(text.body).to.contain('STOP')
        }
        seen.add(text.body)
      }
    // Both reminders say the same.
    expect(seen.size).to.equal((messageKinds.length - 1) * languageTags.length)
  })

  it('say the time of the visit in each language', () => {
    const bodies = languageTags.map((language) => messageText.map(go, facts, { ...nothing, letter: { ...letter, language } }).body)
    expect(bodies.map((body) => /\d?\d:20/.test(body))).to.deep.equal([true, true, true, true])
    expect(bodies.join('')).not.to.match(/[\u00A0\u202F]/)
  })

  it('stop at what went away a moment ago, and at the wrong door', () => {
    expect(() => messageText.map(go, facts, nothing)).to.throw('a moment ago')
    expect(() => messageMail.map(go, facts, { ...nothing, letter })).to.throw('another channel')
    expect(() => messageLeave.map(root, facts, nothing)).to.throw('not read')
  })

  it('hand on what was read, and what the partner answered', () => {
    expect(messageLeave.map(root, facts, { ...nothing, leave: go })).to.equal(go)
    expect(messageSentRecord.map({ messageId, providerId: 'SM1234', state: 'queued' }, facts, nothing)).to.deep.equal({
      is: 'sent',
      messageId,
      providerId: 'SM1234',
    })
    expect(messageRefusedRecord.map({ messageId, reason: 'not-a-mobile', code: '21614' }, facts, nothing)).to.deep.equal({
      is: 'refused',
      messageId,
      reason: 'not-a-mobile',
      code: '21614',
    })
  })
})
