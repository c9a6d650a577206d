import { DraftInput, DraftSave, withoutSignature } from '@heliox/core/identity'
import { expect } from 'chai'
import { type Draft, emptyDraft, patched } from './draft.ts'
import { dataOf, draftFrom, hasContent, sameData, saveOf, startWith, type Theirs } from './server-draft.ts'

const typed = (givenName: string, more: Partial<Draft> = {}): Draft => ({ ...patched(emptyDraft('intake-1'), { fields: { givenName } }), ...more })
const savedAt = '2027-03-04T10:00:00.000Z'
const kept = (version: number, draft: Draft | null): Theirs => ({ version, draft: draft && { version, savedAt, data: dataOf(draft) } })

describe('a draft at the clinic', () => {
  it('is what the clinic takes: without the drawing and without the token of what pays', () => {
    const draft = typed('Ana', {
      drawing: 'data:image/png;base64,AAAA',
      card: { tokenId: 'ctoken_4242', kind: 'card', brand: 'Visa', last4: '4242' },
      consents: { en: { treatment: { textId: 'a', textSha256: 'b' } }, es: {}, de: {}, fr: {} },
      forms: { allergies: { which: ['nuts'], since: '2020' } },
    })
    const { contact, ...body } = saveOf(draft, '2027-01-01', 'en')
    expect(contact).to.equal(null)
    expect(DraftSave.safeParse(body).success).to.equal(true)
    expect(JSON.stringify(body)).to.not.match(/ctoken|base64/)
  })

  it('says how the patient is reached once name and number are typed, and never so that the save is refused', () => {
    const full = { familyName: 'Ruiz', birthMonth: '4', birthDay: '9', birthYear: '1981', phone: ' (312) 555-0142 ', email: 'Ana@Example.org' }
    const contactOf = (fields: Parameters<typeof patched>[1]['fields']) => saveOf(patched(typed('Ana'), { fields }), '2027-01-01', 'es').contact
    expect(contactOf(full)).to.deep.equal({
      ...{ givenName: 'Ana', familyName: 'Ruiz', birthDate: '1981-04-09', phone: '(312) 555-0142', email: 'ana@example.org', language: 'es' },
    })
    expect(contactOf({ ...full, phone: '' })).to.deep.include({ phone: null, email: 'ana@example.org' })
    expect(contactOf({ ...full, email: 'ana@', birthYear: '19' })).to.deep.include({ phone: '(312) 555-0142', email: null, birthDate: null })
    expect([contactOf({ ...full, familyName: ' ' }), contactOf({ ...full, phone: '', email: '' })]).to.deep.equal([null, null])
    for (const odd of ['', ' ', '+', '1', '+49 30 1', 'a@b', 'x'.repeat(61), '1'.repeat(41), '312 555 01 42 ext 9', '\u200b', '\u0007', 'a b@c.de']) {
      for (const name of ['givenName', 'familyName', 'phone', 'email'] as const) {
        const body = saveOf(patched(typed('Ana'), { fields: { ...full, [name]: odd } }), '2027-01-01', 'en')
        expect(DraftInput.safeParse(body).success, `${name}: ${odd}`).to.equal(true)
      }
    }
  })

  it('comes back as it was, on another device without what belongs to the first', () => {
    const draft = typed('Ana', { noCard: true, seen: ['about'], photos: { 'card-front': { uploadId: 'u1' } }, forms: { allergies: { which: ['nuts'] } } })
    const back = draftFrom(kept(3, draft), emptyDraft('intake-1'))
    expect(back).to.deep.equal({ ...draft, base: 3, submitKey: draft.submitKey })
  })

  it('asks for ticks, typed name and code anew on another device, and keeps those of this one', () => {
    const ticked = { en: { treatment: { textId: 'a', textSha256: 'b' } }, es: {}, de: {}, fr: {} }
    const signed = patched(typed('Ana', { consents: ticked }), { fields: { typedName: 'Ana Moreno', accessCode: 'K7' } })
    const sent = JSON.stringify(saveOf(signed, '2027-01-01', 'en'))
    expect(sent).to.contain('"Ana"')
    expect(sent).to.not.match(/typedName|accessCode|consents|Ana Moreno/)
    // One list here, one at the clinic.
    expect(withoutSignature(dataOf(signed))).to.deep.equal(dataOf(signed))

    // Also of a clinic that still holds what an older page sent.
    const older = { version: 2, draft: { version: 2, savedAt, data: { fields: signed.fields, consents: ticked } } }
    const other = draftFrom(older, emptyDraft('intake-1'))
    expect([other.fields.givenName, other.fields.typedName, other.fields.accessCode, other.consents.en]).to.deep.equal(['Ana', '', '', {}])
    const { fields, consents } = draftFrom(kept(3, typed('Anita')), signed)
    expect([fields.givenName, fields.typedName, fields.accessCode, consents]).to.deep.equal(['Anita', 'Ana Moreno', 'K7', ticked])
  })

  it('is read field by field: what another form wrote there does not break this one', () => {
    const data = {
      fields: { givenName: 'Ana', familyName: 7, unknown: 'x' },
      photos: { 'card-front': 'u1' },
      consents: 'yes',
      seen: [1, 'about'],
      forms: { a: null },
    }
    const back = draftFrom({ version: 1, draft: { version: 1, savedAt, data } }, emptyDraft('intake-1'))
    expect([back.fields.givenName, back.fields.familyName, back.photos, back.seen, back.forms]).to.deep.equal(['Ana', '', {}, ['about'], {}])
    expect(back.consents.fr).to.deep.equal({})
  })

  it('is nothing as long as the form was only looked at', () => {
    expect(hasContent({ ...emptyDraft('intake-1'), seen: ['about'] })).to.equal(false)
    expect(hasContent(typed('A'))).to.equal(true)
  })

  it('is alike whatever the order of its keys', () => {
    expect(sameData({ a: 1, b: [{ c: 'x', d: undefined }] }, { b: [{ c: 'x' }], a: 1 })).to.equal(true)
    expect(sameData({ a: 1 }, { a: '1' })).to.equal(false)
  })
})

describe('what a form begins with', () => {
  const begin = (local: Draft, theirs: Theirs): string[] => {
    const { draft, conflict } = startWith(local, theirs)
    return [draft.fields.givenName, String(draft.base), conflict ? 'asks' : 'goes on']
  }
  it('takes what the clinic has where this tab has nothing', () => {
    expect(begin(emptyDraft('intake-1'), kept(2, typed('Ana')))).to.deep.equal(['Ana', '2', 'goes on'])
    expect(begin(emptyDraft('intake-1'), kept(0, null))).to.deep.equal(['', '0', 'goes on'])
  })
  it('goes on with this tab over the version that it knows, also with what was typed without a connection', () => {
    expect(begin(typed('Ana', { base: 2, changedAtMs: 5 }), kept(2, typed('A')))).to.deep.equal(['Ana', '2', 'goes on'])
  })
  it('takes the newer one where this tab has nothing of its own, also when it was cleared elsewhere', () => {
    expect(begin(typed('A', { base: 1 }), kept(2, typed('Ana')))).to.deep.equal(['Ana', '2', 'goes on'])
    expect(begin(typed('A', { base: 1 }), kept(2, null))).to.deep.equal(['', '2', 'goes on'])
  })
  it('asks where both went on apart, and not where they are alike', () => {
    expect(begin(typed('Ana', { base: 1, changedAtMs: 5 }), kept(2, typed('Bea')))).to.deep.equal(['Ana', '1', 'asks'])
    const same = typed('Ana', { base: 1, changedAtMs: 5 })
    expect(begin(same, kept(2, same))).to.deep.equal(['Ana', '2', 'goes on'])
  })
})
