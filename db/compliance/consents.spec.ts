import { randomUUID } from 'node:crypto'
import { accessCodeOf, asksForCode } from '@heliox/core/compliance'
import { IntakeSubmission } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { drainAll, newLink, openTestHub, submission, submitMeta, type TestHub } from '../fixtures.ts'
import { demoConsentTexts } from '../seed/consent-texts.ts'
import { demo } from '../seed/demo.ts'
import { withTenant } from '../tenancy.ts'
import { standingOf } from './consents.ts'

describe('consents', () => {
  let hub: TestHub
  before(async () => {
    hub = await openTestHub()
  })
  after(() => hub?.close())
  const store = () => hub.api.stores.consents
  const later = new Date('2026-02-03T09:00:00Z')
  const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done').catch((error: Error) => error.message)

  /** Sent and recorded. `without`: kinds that were left unticked. */
  async function signed(without: readonly string[] = [], over: Record<string, unknown> = {}): Promise<LinkFacts> {
    const link = await newLink(hub)
    const left = demoConsentTexts.filter(({ kind }) => without.includes(kind)).map(({ id }) => id)
    const form = IntakeSubmission.parse({
      ...submission,
      consents: submission.consents.filter(({ textId }) => !left.includes(textId)),
      signature: { ...submission.signature, accessCode: accessCodeOf(link.intakeId) },
      ...over,
    })
    expect(await hub.api.stores.intake.submit(link, form, submitMeta(), hub.now)).to.equal('submitted')
    const event = (await drainAll(hub, 'identity')).find(({ envelope }) => envelope.type === 'intake.submitted.v1' && envelope.intakeId === link.intakeId)
    if (!event) throw new Error('no event')
    const step = { envelope: event.envelope, flow: 'intake', version: 1, step: 'consents', process: 'engine-1', now: hub.now }
    await hub.engine.stores.applies.apply('compliance.record-consents', event.envelope.payload, step)
    return link
  }
  const standing = (link: LinkFacts, kind: 'sms' | 'treatment') =>
    withTenant(hub.engine.pool, link.tenantId, 'service:test', (tx) => standingOf(tx, link.intakeId, kind))

  it('come in the languages that each clinic offers, every kind once, and ask for a code where ESIGN holds', async () => {
    for (const tenant of [demo.lakeside, demo.rhein]) {
      const texts = await store().texts(tenant.id)
      expect(new Set(texts.map(({ language }) => language))).to.deep.equal(new Set(tenant.languages))
      for (const language of tenant.languages) {
        const kinds = texts.filter((text) => text.language === language).map(({ kind }) => kind)
        expect(kinds, language).to.have.members(['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature', 'sms', 'telehealth'])
      }
    }
    const american = (await store().texts(hub.tenantId)).filter(asksForCode)
    expect(american.map(({ kind, language }) => `${kind} ${language}`)).to.have.members(['electronic-signature en', 'electronic-signature es'])
  })

  it('are there in the words that were signed, with who signed, for whom, when, where and from what', async () => {
    const guardian = { givenName: 'Joy', familyName: 'Okafor', relationship: 'parent' }
    const link = await signed(['telehealth'], { answers: { ...submission.answers, guardian } })
    const given = await store().given(link)
    expect(given.map(({ text }) => text.kind)).to.have.members(['treatment', 'privacy-notice', 'card-authorisation', 'electronic-signature', 'sms'])
    expect(given.every(({ withdrawnAt, signedAt }) => withdrawnAt === null && signedAt === hub.now.toISOString())).to.equal(true)
    const receipt = await store().receipt(link, later)
    expect(receipt?.record).to.deep.include({
      from: { userAgent: 'test', ip: '192.0.2.1' },
      ...{ at: hub.now.toISOString(), timeZone: 'America/Chicago', action: 'intake.submit', signedAs: 'parent' },
      patient: { givenName: 'Ruth', familyName: 'Okafor' },
    })
    expect(receipt?.record.signature.accessCode).to.equal(accessCodeOf(link.intakeId))
    expect(receipt?.recordSha256).to.match(/^[0-9a-f]{64}$/)
    const audits = await hub.owner.query(
      "SELECT actor, purpose FROM compliance.audit_logs WHERE tenant_id = $1 AND action = 'phi.open-document' AND actor = $2",
      [link.tenantId, `patient:${link.intakeId}`],
    )
    expect(audits.rows).to.deep.equal([{ actor: `patient:${link.intakeId}`, purpose: 'receipt' }])
    const atDesk = await store().receipt({ tenantId: link.tenantId, intakeId: link.intakeId }, later, 'user:desk-of-receipts')
    expect(atDesk).to.deep.equal(receipt)
    expect(await store().receipt({ tenantId: hub.otherTenantId, intakeId: link.intakeId }, later, 'user:desk-of-receipts')).to.equal(undefined)
    const byStaff = await hub.owner.query("SELECT tenant_id AS tenant, action, purpose FROM compliance.audit_logs WHERE actor = 'user:desk-of-receipts'")
    expect(byStaff.rows).to.deep.equal([{ tenant: link.tenantId, action: 'phi.open-document', purpose: 'front desk' }])
    const span = { from: later, to: new Date(later.getTime() + 1000) }
    const seen = await hub.api.stores.accesses.about(hub.tenantId, { visitId: link.visitId, others: [] }, span, { limit: 50, linesMax: 10_000 })
    const opened = seen.lines.filter(({ action }) => action === 'phi.open-document').map(({ actor, purpose }) => [actor.kind, purpose])
    expect(opened, 'told to who asks who has seen this visit').to.have.deep.members([
      ['patient', 'receipt'],
      ['user', 'front desk'],
    ])
  })

  it('are taken back once each, beside what was signed, with an audit row; a person hears of it, but for texts, which stop', async () => {
    const link = await signed()
    const given = await store().given(link)
    const idOf = (kind: string): string => given.find(({ text }) => text.kind === kind)?.id ?? ''
    expect(await standing(link, 'sms')).to.equal('given')
    for (const kind of ['sms', 'treatment']) {
      expect(await store().withdraw(link, idOf(kind), later)).to.equal(kind)
      expect(await store().withdraw(link, idOf(kind), new Date('2026-02-04T09:00:00Z')), 'again').to.equal(kind)
    }
    expect(await standing(link, 'sms')).to.equal('withdrawn')
    const now = await store().given(link)
    expect(now.filter(({ withdrawnAt }) => withdrawnAt).map(({ text, withdrawnAt }) => [text.kind, withdrawnAt])).to.have.deep.members([
      ['sms', later.toISOString()],
      ['treatment', later.toISOString()],
    ])
    expect(now.map(({ text, signedAt }) => [text.sha256, signedAt])).to.deep.equal(given.map(({ text, signedAt }) => [text.sha256, signedAt]))
    expect((await store().withdrawn(link.tenantId, [link.intakeId])).get(link.intakeId)).to.have.members(['sms', 'treatment'])
    const audits = await hub.owner.query<{ resource: string; actor: string }>(
      "SELECT resource, actor FROM compliance.audit_logs WHERE action = 'consent.withdraw' AND actor = $1",
      [`patient:${link.intakeId}`],
    )
    expect(audits.rows.map(({ resource }) => resource)).to.have.members([`intake:${link.intakeId} consent:sms`, `intake:${link.intakeId} consent:treatment`])
    const told = await hub.owner.query<{ count: number; about: string }>(
      "SELECT count, about_id AS about FROM messaging.incidents WHERE kind = 'consent-withdrawn'",
    )
    expect(told.rows).to.deep.equal([{ count: 1, about: link.visitId }])
  })

  it('are taken back at the clinic as well, long after the link has ended: in the name of who wrote it down, and once', async () => {
    const link = await signed()
    const longAfter = new Date('2026-09-01T09:00:00Z')
    const dana = demo.lakeside.users[0]?.id
    const record = (kind: 'sms' | 'card-authorisation' | 'treatment', cameBy: 'phone' | 'letter', at = longAfter) =>
      store().recordWithdrawal({ tenantId: link.tenantId, intakeId: link.intakeId }, { kind, cameBy }, `user:${dana}`, at)
    expect(await record('card-authorisation', 'letter')).to.equal('card-authorisation')
    expect(await record('card-authorisation', 'phone', new Date('2026-09-02T09:00:00Z')), 'again').to.equal('card-authorisation')
    const taken = (await store().given(link)).filter(({ withdrawnAt }) => withdrawnAt !== null)
    expect(taken.map(({ text, withdrawnAt, recorded }) => [text.kind, withdrawnAt, recorded])).to.deep.equal([
      ['card-authorisation', longAfter.toISOString(), { name: 'Dana Desk', cameBy: 'letter' }],
    ])
    const audits = await hub.owner.query("SELECT resource, actor, purpose FROM compliance.audit_logs WHERE action = 'consent.withdraw' AND resource LIKE $1", [
      `intake:${link.intakeId} %`,
    ])
    expect(audits.rows).to.deep.equal([{ resource: `intake:${link.intakeId} consent:card-authorisation`, actor: `user:${dana}`, purpose: 'told by letter' }])
    const told = await hub.owner.query("SELECT count FROM messaging.incidents WHERE kind = 'consent-withdrawn' AND about_id = $1", [link.visitId])
    expect(told.rows).to.deep.equal([{ count: 1 }])
    const own = (await store().given(link)).find(({ text }) => text.kind === 'treatment')
    expect(await store().withdraw(link, own?.id ?? '', later)).to.equal('treatment')
    expect(await record('treatment', 'phone'), 'the patient’s own click stays theirs').to.equal('treatment')
    expect((await store().given(link)).find(({ text }) => text.kind === 'treatment'))
      .to.include({ withdrawnAt: later.toISOString() })
      .and.to.not.have.property('recorded')
    expect(
      await store().recordWithdrawal({ tenantId: hub.otherTenantId, intakeId: link.intakeId }, { kind: 'sms', cameBy: 'phone' }, 'user:x', longAfter),
    ).to.equal(undefined)
    const without = await signed(['sms'])
    expect(await store().recordWithdrawal(without, { kind: 'sms', cameBy: 'phone' }, 'user:x', longAfter)).to.equal(undefined)
  })

  it('tell what was never ticked from what was never asked', async () => {
    expect(await standing(await signed(['sms']), 'sms')).to.equal('not-given')
    expect(await standing(await newLink(hub), 'sms')).to.equal('not-asked')
    const link = await signed()
    const inPast = await hub.owner.query("UPDATE compliance.consent_texts SET in_force_from = '2026-02-02T16:00:00Z' WHERE kind = 'sms' AND tenant_id = $1", [
      hub.tenantId,
    ])
    expect(inPast.rowCount).to.equal(2)
    expect(await standing(await signed(['sms']), 'sms'), 'it came into force after the signature').to.equal('not-asked')
    expect(await standing(link, 'sms')).to.equal('given')
    await hub.owner.query("UPDATE compliance.consent_texts SET in_force_from = '2026-01-01T00:00:00Z' WHERE kind = 'sms' AND tenant_id = $1", [hub.tenantId])
  })

  it('of somebody else, or of nobody, are not there', async () => {
    const [mine, other] = [await signed(), await signed()]
    const [consent] = await store().given(other)
    expect(await store().withdraw(mine, consent?.id ?? '', later)).to.equal(undefined)
    expect(await store().withdraw(mine, randomUUID(), later)).to.equal(undefined)
    expect((await store().given(other)).every(({ withdrawnAt }) => withdrawnAt === null)).to.equal(true)
    expect(await store().given(await newLink(hub))).to.deep.equal([])
    expect(await store().receipt(await newLink(hub), later)).to.equal(undefined)
  })

  it('cannot be changed or deleted by the hub, signed or taken back', async () => {
    const link = await signed()
    const [consent] = await store().given(link)
    await store().withdraw(link, consent?.id ?? '', later)
    for (const side of [hub.api, hub.engine]) {
      for (const sql of [
        "UPDATE compliance.consents SET text_sha256 = repeat('0', 64)",
        'DELETE FROM compliance.consents',
        'UPDATE compliance.consent_withdrawals SET withdrawn_at = now()',
        'DELETE FROM compliance.consent_withdrawals',
        "UPDATE compliance.consent_texts SET body = 'other words'",
      ]) {
        expect(await failure(withTenant(side.pool, link.tenantId, 'service:test', (tx) => tx.query(sql))), sql).to.match(/permission denied/)
      }
    }
  })

  it('of a kind that is not asked any more stay signed, in the same words, and are taken back as before; the kind can come again', async () => {
    const link = await signed()
    const texts = hub.api.stores.consentTexts
    const kind = 'sms' as const
    const shown = async () => (await store().texts(hub.tenantId)).filter((text) => text.kind === kind).length
    const given = async () => (await store().given(link)).find(({ text }) => text.kind === kind)
    const before = await given()
    const seen = (await texts.versions(hub.tenantId, kind))[0]?.version ?? 0
    expect(await shown()).to.be.greaterThan(0)
    expect(await texts.end(hub.tenantId, { kind, seen: seen - 1 }, 'user:ada', hub.now)).to.equal('changed-meanwhile')
    const both = await Promise.all([1, 2].map(() => texts.end(hub.tenantId, { kind, seen }, 'user:ada', hub.now)))
    expect(both).to.deep.equal([{ version: seen }, { version: seen }])
    expect(await shown()).to.equal(0)
    expect(before?.withdrawnAt).to.equal(null)
    expect(await given()).to.deep.equal(before)
    expect(await store().withdraw(link, before?.id ?? '', hub.now)).to.equal(kind)
    expect((await given())?.withdrawnAt).to.equal(hub.now.toISOString())
    const audits = await hub.owner.query("SELECT resource FROM compliance.audit_logs WHERE tenant_id = $1 AND action = 'consent-text.end'", [hub.tenantId])
    expect(audits.rows).to.deep.equal([{ resource: `consent-text:${kind} ${seen}` }])
    const wish = { kind, seen, coversBankAccounts: false, texts: { en: { title: 'Texts', body: 'Other.' }, es: { title: 'Mensajes', body: 'Otro.' } } }
    expect(await texts.publish(hub.tenantId, wish, 'user:ada', hub.now)).to.deep.equal({ version: seen + 1 })
    expect(await shown()).to.equal(2)
  })

  it('get new words as a new version in every language at once: who signed the old ones keeps them, and only the new ones are signed', async () => {
    const link = await signed()
    const texts = hub.api.stores.consentTexts
    const inForce = async () => (await store().texts(hub.tenantId)).filter(({ kind }) => kind === 'telehealth')
    const before = await inForce()
    const seen = Math.max(...before.map(({ version }) => version))
    const wish = {
      kind: 'telehealth' as const,
      seen,
      coversBankAccounts: false,
      texts: { en: { title: 'By video', body: 'Other.' }, es: { title: 'Por video', body: 'Otro.' } },
    }
    expect(await texts.publish(hub.tenantId, wish, 'user:admin', later)).to.deep.equal({ version: seen + 1 })
    expect(await texts.publish(hub.tenantId, wish, 'user:admin', later)).to.equal('changed-meanwhile')
    expect(await texts.publish(hub.tenantId, { ...wish, seen: seen + 1 }, 'user:admin', later), 'the same words again').to.equal('nothing-changed')
    const now = (await texts.inForce(hub.tenantId)).filter(({ kind }) => kind === 'telehealth')
    expect(now.map(({ language, version, title, until }) => [language, version, title, until])).to.have.deep.members([
      ['en', seen + 1, 'By video', null],
      ['es', seen + 1, 'Por video', null],
    ])
    const kept = (await store().given(link)).find(({ text }) => text.kind === 'telehealth')
    expect(kept?.text).to.deep.equal(before.find(({ language }) => language === 'en'))
    const versions = await texts.versions(hub.tenantId, 'telehealth')
    const signedOf = (version: number): number => versions.filter((one) => one.version === version).reduce((sum, one) => sum + one.signed.count, 0)
    expect(versions[0]?.version).to.equal(seen + 1)
    expect(signedOf(seen + 1)).to.equal(0)
    expect(signedOf(seen), 'by those who signed in this file').to.be.greaterThan(0)
    expect(
      (await texts.inForce(hub.otherTenantId)).every(({ title }) => title !== 'By video'),
      'another clinic',
    ).to.equal(true)
  })

  it('are published by one of several at a time; a language left out ends, and its number is not used again', async () => {
    const texts = hub.api.stores.consentTexts
    const newest = async () => Math.max(...(await texts.versions(hub.tenantId, 'sms')).map(({ version }) => version))
    const seen = await newest()
    const wish = (body: string, at = seen) => ({ kind: 'sms' as const, seen: at, coversBankAccounts: false, texts: { en: { title: 'Texts', body } } })
    const racing = await Promise.all(['a', 'b', 'c'].map((body) => texts.publish(hub.tenantId, wish(body), 'user:admin', later)))
    expect(racing.filter((outcome) => outcome === 'changed-meanwhile')).to.have.length(2)
    const inForce = (await texts.inForce(hub.tenantId)).filter(({ kind }) => kind === 'sms')
    expect(inForce.map(({ language, version }) => `${language} ${version}`)).to.deep.equal([`en ${seen + 1}`])
    const both = { ...wish('d', seen + 1), texts: { en: { title: 'Texts', body: 'd' }, es: { title: 'Mensajes', body: 'd' } } }
    expect(await texts.publish(hub.tenantId, both, 'user:admin', later)).to.deep.equal({ version: seen + 2 })
    const audits = await hub.owner.query<{ resource: string }>(
      "SELECT resource FROM compliance.audit_logs WHERE tenant_id = $1 AND action = 'consent-text.publish' AND actor = 'user:admin' AND resource LIKE '%:sms %'",
      [hub.tenantId],
    )
    expect(audits.rows.map(({ resource }) => resource)).to.have.members([`consent-text:sms ${seen + 1} en`, `consent-text:sms ${seen + 2} en,es`])
  })

  it('are said to cover bank accounts by whoever published them, of the card authorisation alone, and for good', async () => {
    const texts = hub.api.stores.consentTexts
    const admin = demo.lakeside.users.find(({ roles }) => roles.includes('admin'))
    const seen = Math.max(...(await texts.versions(hub.tenantId, 'card-authorisation')).map(({ version }) => version))
    const words = { en: { title: 'Card', body: 'Card or account.' }, es: { title: 'Tarjeta', body: 'Tarjeta o cuenta.' } }
    const wish = { kind: 'card-authorisation' as const, seen, texts: words, coversBankAccounts: true }
    expect(await texts.publish(hub.tenantId, wish, `user:${admin?.id}`, later)).to.deep.equal({ version: seen + 1 })
    const [newest] = await texts.versions(hub.tenantId, 'card-authorisation')
    expect([newest?.coversBankAccounts, newest?.publishedBy]).to.deep.equal([true, admin?.displayName])
    const other = { kind: 'treatment' as const, seen: 1, texts: words, coversBankAccounts: true }
    expect(await failure(texts.publish(hub.tenantId, other, 'user:admin', later))).to.match(/check constraint/)
    for (const sql of ['UPDATE compliance.consent_texts SET covers_bank_accounts = false', "UPDATE compliance.consent_texts SET published_by = 'user:x'"]) {
      expect(await failure(withTenant(hub.api.pool, hub.tenantId, 'service:test', (tx) => tx.query(sql))), sql).to.match(/permission denied/)
    }
  })
})
