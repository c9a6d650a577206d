import { expect } from 'chai'
import { consentKinds } from './model.ts'
import { ConsentPublication, publicationProblems } from './publication.ts'
import { consentNeed } from './rules.ts'

const text = (body = 'Words.') => ({ title: 'Title', body })
const publication = (texts: Record<string, { title: string; body: string }>, coversBankAccounts = false): ConsentPublication =>
  ConsentPublication.parse({ texts, coversBankAccounts })
const among = (languages: ('en' | 'es')[], codeByLaw = false) => ({ languages, codeByLaw })

describe('publishing a consent text', () => {
  it('takes all of the clinic’s languages, and no other', () => {
    expect(publicationProblems('treatment', publication({ en: text(), es: text() }), among(['en', 'es']))).to.deep.equal([])
    const wrong = publicationProblems('treatment', publication({ en: text(), fr: text() }), among(['en', 'es']))
    expect(wrong.map(({ path }) => path)).to.deep.equal(['texts.es', 'texts.fr'])
  })

  it('asks for a code in every language or in none, and only for signing on a screen', () => {
    const mixed = publication({ en: text('Type {code}'), es: text() })
    expect(publicationProblems('electronic-signature', mixed, among(['en', 'es'])).map(({ path }) => path)).to.deep.equal(['texts.es.body'])
    expect(publicationProblems('electronic-signature', publication({ en: text('Type {code}') }), among(['en']))).to.deep.equal([])
    const byLaw = publicationProblems('electronic-signature', publication({ en: text(), es: text() }), among(['en', 'es'], true))
    expect(byLaw.map(({ path }) => path)).to.deep.equal(['texts.en.body', 'texts.es.body'])
    expect(publicationProblems('sms', publication({ en: text('Type {code}') }), among(['en'])).map(({ path }) => path)).to.deep.equal(['texts.en.body'])
  })

  it('says of the card authorisation alone that it covers bank accounts', () => {
    for (const kind of consentKinds) {
      const problems = publicationProblems(kind, publication({ en: text() }, true), among(['en']))
      expect(problems.length === 0, kind).to.equal(kind === 'card-authorisation')
    }
  })

  it('keeps lines and paragraphs, and nothing else that cannot be seen', () => {
    expect(publication({ en: text(' One.\r\n\r\nTwo.\tThree. ') }).texts.en?.body).to.equal('One.\n\nTwo. Three.')
    for (const body of ['a\u0000b', 'a\u001bb', ' \n ', 'x'.repeat(8001)]) {
      expect(ConsentPublication.safeParse({ texts: { en: text(body) } }).success, JSON.stringify(body.slice(0, 5))).to.equal(false)
    }
    expect(ConsentPublication.safeParse({ texts: { en: { title: 'a\nb', body: 'x' } } }).success).to.equal(false)
  })

  it('knows what every form needs', () => {
    expect(consentKinds.map((kind) => `${kind} ${consentNeed(kind)}`)).to.deep.equal([
      'treatment always',
      'privacy-notice always',
      'card-authorisation with-card',
      'electronic-signature always',
      'sms free',
      'telehealth free',
    ])
  })
})
