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

  it('get new words as a new version: who signed the old ones keeps them, and only the new ones are signed', async () => {
    const link = await signed()
    const before = (await store().texts(hub.tenantId)).find(({ kind, language }) => kind === 'telehealth' && language === 'en')
    const wording = { kind: 'telehealth', language: 'en', title: 'By video', body: 'Other words.' } as const
    const published = await store().publish(hub.tenantId, wording, 'user:admin', hub.now)
    expect(published.version).to.equal((before?.version ?? 0) + 1)
    expect((await store().publish(hub.tenantId, wording, 'user:admin', later)).id, 'the same words again').to.equal(published.id)
    const inForce = (await store().texts(hub.tenantId)).filter(({ kind, language }) => kind === 'telehealth' && language === 'en')
    expect(inForce).to.deep.equal([published])
    const kept = (await store().given(link)).find(({ text }) => text.kind === 'telehealth')
    expect(kept?.text).to.deep.equal(before)
    const racing = await Promise.all(['a', 'b', 'c'].map((body) => failure(store().publish(hub.tenantId, { ...wording, body }, 'user:admin', later))))
    expect(racing.filter((outcome) => outcome === 'done')).to.not.deep.equal([])
    expect((await store().texts(hub.tenantId)).filter(({ kind, language }) => kind === 'telehealth' && language === 'en')).to.have.length(1)
  })
})
