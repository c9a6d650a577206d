import { notListedPayerId, notListedPayerName, type Payer } from '@heliox/core/catalog'
import { actorText } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { LinkCaller } from '../../kit/caller.ts'
import { type ClinicFactsCache, clinicView } from '../../kit/clinic-facts.ts'
import { found, Refusal, type RefusalCode } from '../../kit/errors.ts'
import { visitView } from '../../kit/link.ts'
import { mount } from '../../kit/mount.ts'
import { openAnswers, openCorrection, submitCorrection } from './schemas.ts'

/** Asking a payer again helps until the visit is over; after that it is the clinic's bill to write. */
export const correctionsAreOpen = (link: Pick<LinkFacts, 'status' | 'endsAt'>, now: Date): boolean => link.status === 'submitted' && now < new Date(link.endsAt)

const refusalOf = {
  conflict: 'idempotency-conflict',
  'nothing-changed': 'nothing-changed',
  'not-asked': 'correction-closed',
  'too-many': 'too-many-corrections',
  'not-found': 'correction-closed',
} as const satisfies Record<string, RefusalCode>

/** Not on the list: nobody is asked by computer, and a person finds out, as from the form. Undefined: no such insurer. */
const nameOfPayer = (payerId: string, payers: readonly Payer[]): string | undefined =>
  payerId === notListedPayerId ? notListedPayerName : payers.find(({ id }) => id === payerId)?.name

/** Putting details right: the patient what they are asked for, staff with a purpose. */
export function correctionHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { corrections, settings } = deps
  const statusUrl = (caller: LinkCaller): string => new URL(`/status/${caller.token}`, settings.publicUrl).href

  mount(app, deps, openCorrection, async ({ caller, now }) => {
    const { link } = caller
    const offer = correctionsAreOpen(link, now) ? await corrections.offer(link, now) : undefined
    if (!offer) throw new Refusal('correction-closed')
    const clinic = await clinics.of(link.tenantId)
    return {
      reference: referenceOf(link.intakeId),
      statusUrl: statusUrl(caller),
      clinic: clinicView(clinic),
      visit: visitView(link),
      fields: [...offer.fields],
      askedBy: offer.askedBy,
      hints: offer.hints,
      payers: offer.fields.includes('payerId') || offer.fields.includes('secondPayerId') ? clinic.payers : [],
      left: offer.left,
    }
  })

  mount(app, deps, submitCorrection, async ({ caller, headers, body, now, correlationId, request }) => {
    const { link } = caller
    if (!correctionsAreOpen(link, now)) throw new Refusal('correction-closed')
    const { payers } = await clinics.of(link.tenantId)
    for (const path of ['payerId', 'secondPayerId'] as const) {
      const payerId = body[path]
      if (payerId !== undefined && nameOfPayer(payerId, payers) === undefined)
        throw new Refusal('invalid', [{ path, message: 'must be one of the listed insurers' }])
    }
    const payerName = body.payerId === undefined ? null : (nameOfPayer(body.payerId, payers) ?? null)
    const meta = { idempotencyKey: headers['idempotency-key'], payerName, traceparent: request.traceparent, correlationId }
    const outcome = await corrections.submit(link, body, meta, now)
    if (outcome !== 'corrected' && outcome !== 'replayed') throw new Refusal(refusalOf[outcome])
    return { reference: referenceOf(link.intakeId), statusUrl: statusUrl(caller) }
  })

  mount(app, deps, openAnswers, async ({ caller: { user, actor }, params, body, now }) => ({
    values: found(await corrections.open(user.tenantId, params.intakeId, body.fields, body.purpose, actorText(actor), now)),
  }))
}
