import { instantOf, localTime } from '@heliox/core/catalog'
import { actorText } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { accessLinesMax, accessReadMax, listAccesses, listVisitConsents, openDeskAnswers, recordWithdrawal } from './one-visit-schemas.ts'

const dayMs = 24 * 3600 * 1000
const after = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** Of one visit: what was agreed to, what the patient wrote, and who has seen it. */
export function oneVisitHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { consents, corrections, clinic, visits, accesses, audit } = deps

  mount(app, deps, listVisitConsents, async ({ caller: { user }, params: { intakeId } }) => {
    found(await clinic.visitEnd(user.tenantId, intakeId))
    const given = await consents.given({ tenantId: user.tenantId, intakeId })
    return {
      items: given.map(({ text: { kind, title }, signedAt, withdrawnAt, recorded }) => ({ kind, title, signedAt, withdrawnAt, recorded: recorded ?? null })),
    }
  })

  mount(app, deps, recordWithdrawal, async ({ caller: { user, actor }, params: { intakeId, consentKind }, body: { cameBy }, now }) => {
    found(await consents.recordWithdrawal({ tenantId: user.tenantId, intakeId }, { kind: consentKind, cameBy }, actorText(actor), now))
    return undefined
  })

  mount(app, deps, openDeskAnswers, async ({ caller: { user, actor }, params: { intakeId }, now }) => {
    const answers = found(await corrections.atDesk(user.tenantId, intakeId, actorText(actor), now))
    const { payers } = await clinics.of(user.tenantId)
    const insuranceOf = (of: { payerId: string | null; payerText: string | null; memberId: string; groupNumber: string | null }) => {
      const listed = payers.find(({ id }) => id === of.payerId)
      return { payer: listed?.name ?? of.payerText ?? of.payerId, listed: listed !== undefined, memberId: of.memberId, groupNumber: of.groupNumber }
    }
    const { payerSex, gender, guardian, secondary, nameOnCard, noCard } = answers
    const second = secondary && { ...insuranceOf(secondary), nameOnCard: secondary.nameOnCard }
    return { payerSex, gender, guardian, insurance: insuranceOf(answers), secondary: second, nameOnCard, noCard }
  })

  mount(app, deps, listAccesses, async ({ caller: { user, actor }, params: { visitId }, query: { until, days }, now, correlationId }) => {
    const visit = found(await visits.find(user.tenantId, visitId))
    const { timeZone } = await clinics.of(user.tenantId)
    const end = after(until ?? localTime(now, timeZone).date, 1)
    const [from, to] = [after(end, -days), end].map((date) => instantOf({ date, minutes: 0 }, timeZone)) as [Date, Date]
    const photos = await clinic.uploads(user.tenantId, visit.intakeId)
    // Written first: whoever looks who looked is seen too.
    await audit.audit(user.tenantId, { actor: actorText(actor), action: 'audit.read', resource: `visit:${visitId}`, outcome: 'ok', correlationId }, now)
    const ids = { visitId, others: [visit.intakeId, ...photos.map(({ id }) => id)] }
    const read = await accesses.about(user.tenantId, ids, { from, to }, { limit: accessLinesMax + 1, linesMax: accessReadMax })
    const { lines, whole } = read
    return { from: read.from.toISOString(), to: to.toISOString(), whole, items: lines.slice(0, accessLinesMax), cut: lines.length > accessLinesMax }
  })
}
