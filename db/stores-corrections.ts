import { randomUUID } from 'node:crypto'
import type { CorrectionStore, LinkFacts } from '@heliox/core/ports'
import { answersAtDesk, askedFields, askPatient, correctAnswers, offerOf, openAnswers } from './identity/corrections.ts'
import type { Deps } from './store-deps.ts'
import { withTenant } from './tenancy.ts'

const patient = (link: Pick<LinkFacts, 'intakeId'>): string => `patient:${link.intakeId}`

/** Corrections. Each method is one transaction of one tenant; no SQL is written here. */
export function makeCorrections({ pool, vault, process, wake }: Deps): CorrectionStore {
  return {
    asked: (tenantId, intakeId) => withTenant(pool, tenantId, `service:${process}`, async (tx) => (await askedFields(tx, intakeId)).length > 0),
    async offer(link, now) {
      await vault.warm(link.tenantId)
      return withTenant(pool, link.tenantId, patient(link), (tx) => offerOf(tx, vault, link.intakeId, now))
    },
    async submit(link, fields, { traceparent, ...meta }, now) {
      await vault.warm(link.tenantId)
      const correction = { id: randomUUID(), intakeId: link.intakeId, by: 'patient' as const, fields, ...meta }
      const outcome = await withTenant(pool, link.tenantId, patient(link), (tx) => correctAnswers(tx, vault, correction, { now, process, traceparent }))
      if (outcome === 'corrected' || outcome === 'replayed') wake.outbox('identity')
      return outcome
    },
    async askPatient(tenantId, request, actor, now) {
      const asked = await withTenant(pool, tenantId, actor, (tx) => askPatient(tx, request, { now, process, traceparent: null }))
      if (asked === 'asked') wake.outbox('identity')
      return asked
    },
    async open(tenantId, intakeId, fields, purpose, actor, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, (tx) => openAnswers(tx, vault, intakeId, fields, purpose, now))
    },
    async atDesk(tenantId, intakeId, actor, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, (tx) => answersAtDesk(tx, vault, intakeId, now))
    },
    async correct(tenantId, { correctionId, ...given }, actor, now) {
      await vault.warm(tenantId)
      const correction = { ...given, id: correctionId, by: 'staff' as const, idempotencyKey: correctionId }
      const outcome = await withTenant(pool, tenantId, actor, (tx) => correctAnswers(tx, vault, correction, { now, process, traceparent: null }))
      if (outcome === 'not-asked') throw new Error('staff may put any of these details right')
      if (outcome === 'corrected' || outcome === 'replayed') wake.outbox('identity')
      return outcome
    },
  }
}
