import { randomBytes, randomUUID } from 'node:crypto'
import { type LetterFacts, languageTags } from '@heliox/core/kit'
import { letterOf, textOf } from '@heliox/core/messages/letters'
import { messageKinds, withoutKeys } from '@heliox/core/messaging'
import { expect } from 'chai'

describe('a message as staff sees it', () => {
  it('says what it said, and holds no link, no code and no address that stops mails, of any kind in any language', () => {
    for (const kind of messageKinds)
      for (const language of languageTags) {
        const [link, stop, code] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url'), '042137']
        const facts: LetterFacts = {
          ...{ kind, language, channel: 'sms', to: '+13125550142', clinic: 'Lakeside', phone: '+1 312 555 0100', startsAt: '2026-02-09T15:20:00Z' },
          ...{ timeZone: 'America/Chicago', notAfter: null, url: kind === 'code' ? null : `https://hub.example/i/${link}` },
          ...{ code: kind === 'code' ? code : null, unsubscribeUrl: `https://hub.example/stop/${stop}` },
        }
        const messageId = randomUUID()
        const { subject, paragraphs, button, footer } = letterOf(facts)
        const text = { messageId, to: facts.to, body: textOf(facts), notAfter: null }
        const mail = {
          ...{ messageId, to: 'a@b.example', language, subject, paragraphs, link: facts.url === null ? null : { url: facts.url, label: button }, footer },
          ...{ code: facts.code, unsubscribeUrl: facts.unsubscribeUrl, notAfter: null },
        }
        for (const message of [text, mail]) {
          const shown = JSON.stringify(withoutKeys(message))
          for (const secret of [link, stop, code, 'hub.example']) expect(shown, `${kind} ${language}`).not.to.contain(secret)
          expect(shown).to.contain(messageId).and.contain('Lakeside').and.contain(message.to)
        }
      }
  })

  it('hides a code that is written in groups, and addresses in capital letters', () => {
    const shown = JSON.stringify(withoutKeys({ messageId: 'm', to: 't', body: 'is 042 137, or 042-137. HTTPS://HUB.EXAMPLE/I/SECRET', code: '042137' }))
    expect(shown).not.to.match(/042|137|SECRET/)
  })

  it('leaves everything that is no message alone', () => {
    const inquiry = { member: 'A1234567', url: 'https://payer.example/x', list: ['042137'] }
    for (const value of [inquiry, 'https://x.example/042137', null, 7, [inquiry]]) expect(withoutKeys(value)).to.deep.equal(value)
  })
})
