import { expect } from 'chai'
import { type Contact, editOf, saveOf } from './contact-edit.ts'

const ada: Contact = { givenName: 'Ada', familyName: 'Moreno', birthDate: null, phone: '+13125550142', email: null, language: 'en', smsAllowed: true }

describe('changing whom a visit is for', () => {
  it('saves over the version that was typed over, not over the one that is there by then', () => {
    const begun = editOf({ contact: ada, version: 3 }, ['en'])
    const typed = { ...begun, typed: { ...begun.typed, email: ' ada@example.org ' } }
    expect(saveOf('v', typed)).to.deep.equal({
      params: { visitId: 'v' },
      headers: { 'if-match': '"3"' },
      body: { clears: false, contact: { ...ada, email: 'ada@example.org' } },
    })
    expect(saveOf('v', editOf({ contact: { ...ada, phone: '+13125550199' }, version: 4 }, ['en'])).headers['if-match'], 'begun anew').to.equal('"4"')
  })

  it('begins from nothing where nobody was named', () => {
    expect(saveOf('v', editOf({ contact: null, version: 0 }, ['en'])).headers['if-match']).to.equal('"0"')
  })

  it('begins in the usual language of the clinic', () => {
    expect(editOf({ contact: null, version: 0 }, ['de', 'en']).typed.language).to.equal('de')
    expect(editOf({ contact: ada, version: 1 }, ['de']).typed.language).to.equal(ada.language)
  })
})
