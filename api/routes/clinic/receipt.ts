import { actorText } from '@heliox/core/identity'
import { referenceOf } from '@heliox/core/reporting'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import type { StaffCaller } from '../../kit/caller.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found } from '../../kit/errors.ts'
import { parseOrRefuse } from '../../kit/fields.ts'
import { receiptPdf } from '../../receipt/receipt.ts'

const Params = z.object({ intakeId: z.uuid() })

/**
 * Who signed what, for whom, when and from where, as a payer, a bank or a court asks for it, also long after the patient's link has ended. In the language
 * that was signed in. Opened in the commit that writes down who opened it.
 */
export function serveReceipts(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  app.get('/api/clinic/visits/:intakeId/receipt', { config: { access: { by: 'session', action: 'answers.read' } } }, async (request, reply) => {
    const { intakeId } = parseOrRefuse(Params, request.params, 'path')
    const { user, actor } = request.caller as StaffCaller
    const now = deps.clock.now()
    const signed = found(await deps.consents.receipt({ tenantId: user.tenantId, intakeId }, now, actorText(actor)))
    const reference = referenceOf(intakeId)
    const pdf = await receiptPdf({ language: signed.record.signature.language, clinic: await clinics.of(user.tenantId), reference, ...signed }, now)
    return reply
      .header('content-disposition', `attachment; filename="${reference}.pdf"`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .type('application/pdf')
      .send(pdf)
  })
}
