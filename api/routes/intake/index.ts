import { accessCodeOf } from '@heliox/core/compliance'
import { type IntakeSubmission, proofEnd } from '@heliox/core/identity'
import { limits } from '@heliox/core/kit'
import { uploadTypes } from '@heliox/core/media'
import type { LinkFacts } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import { errorFields } from '@heliox/hub/log'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { type LinkCaller, linkCaller } from '../../kit/caller.ts'
import { type ClinicFacts, type ClinicFactsCache, clinicView } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import { linkUse, visitView } from '../../kit/link.ts'
import { coalesced, type Live } from '../../kit/live.ts'
import { mount, type RouteContext } from '../../kit/mount.ts'
import { keepProof, ownToken } from '../../kit/proof-cookie.ts'
import { signedFrom } from '../../kit/signed-from.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { getStatus, IntakeView, openIntake, streamStatus, submitIntake } from './schemas.ts'
import { readStatus } from './status.ts'
import { checkSubmission } from './submit-checks.ts'

const nothingTyped = { version: 0, draft: null }
const nobodyKnown = { contact: null, previous: null }

function keptOrBug<T>(accepted: T | 'stale'): T {
  if (accepted === 'stale') throw new Error('a link that was looked up is never stale')
  return accepted
}

/** The patient's routes: everything is about the one intake behind the link. */
export function intakeHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache, live: Live): void {
  const { intakes, settings } = deps
  const statusUrl = (caller: LinkCaller): string => new URL(`/status/${caller.token}`, settings.publicUrl).href

  mount(app, deps, openIntake, async ({ caller, now, request, reply }) => {
    const { link } = caller
    if (link.status === 'created') {
      await intakes.open(link, now, request.traceparent)
    }
    const open = caller.use === 'open'
    if (open && link.proof === 'not-asked') {
      const token = ownToken(request, settings.publicUrl, link.intakeId)
      keepProof(reply, settings.publicUrl, { intakeId: link.intakeId, token, until: proofEnd(now) }, now)
    }
    const [clinic, uploads, kept, known] = await Promise.all([
      clinics.of(link.tenantId),
      deps.clinic.uploads(link.tenantId, link.intakeId),
      open ? deps.drafts.read(link, now) : nothingTyped,
      open && link.proof === 'given' ? deps.knownPatients.ofLink(link, caller.proofSha256s, now) : nobodyKnown,
    ])
    return {
      intakeId: link.intakeId,
      reference: referenceOf(link.intakeId),
      status: link.status === 'created' ? 'opened' : link.status,
      expiresAt: link.expiresAt,
      statusUrl: statusUrl(caller),
      clinic: clinicView(clinic),
      visit: visitView(link),
      payers: clinic.payers,
      consentTexts: clinic.consentTexts,
      accessCode: accessCodeOf(link.intakeId),
      card: clinic.card,
      forms: clinic.forms,
      draft: kept.draft,
      draftVersion: kept.version,
      ...known,
      uploads: IntakeView.shape.uploads.parse(uploads),
      limits: { uploadBytesMax: limits.uploadBytesMax, uploadsMax: limits.uploadsPerIntakeMax, uploadTypes: [...uploadTypes] },
    }
  })

  mount(app, deps, submitIntake, async (context) => {
    const { caller, request } = context
    if (!caller.remembered) return keptOrBug(await send(context, caller))
    // What is remembered may say yes, never no: the facts behind a refusal are looked up.
    const accepted = await send(context, caller).catch((error: unknown) => {
      if (error instanceof Refusal) return 'stale' as const
      throw error
    })
    return accepted === 'stale' ? keptOrBug(await send(context, await linkCaller(deps, request, caller.token, { before: 'proof' }))) : accepted
  })

  async function send({ headers, body, now, correlationId, request, reply }: RouteContext<typeof submitIntake>, caller: LinkCaller) {
    const { link } = caller
    // The repeat of a form whose answer was lost comes without the cookie that was lost with it; nobody else is let in by this door.
    if (caller.use === 'open' && link.proof === 'asked') throw new Refusal('proof-needed')
    // What is not needed is not taken: nobody's insurer is asked about a visit that was called off.
    if (caller.use === 'open' && link.visitStatus === 'cancelled') throw new Refusal('visit-cancelled')
    // A form that was sent is not checked again: its repeat gets the same answer, whatever the clinic has changed since.
    const clinic = await clinics.of(link.tenantId)
    const payerName = caller.use === 'sent' ? '' : await payerNameOf(link, clinic, body)
    const token = newToken()
    const meta = {
      idempotencyKey: headers['idempotency-key'],
      payerName,
      timeZone: clinic.timeZone,
      signedFrom: signedFrom(request),
      proofSha256s: caller.proofSha256s,
      browserSha256: tokenHash(token),
      rememberedSha256: caller.remembered ? caller.tokenSha256 : null,
      traceparent: request.traceparent,
      correlationId,
    }
    await deps.stop('begin')
    const outcome = await intakes.submit(link, body, meta, now)
    if (outcome === 'stale') return outcome
    await deps.stop('commit')
    if (outcome === 'conflict') throw new Refusal('idempotency-conflict')
    if (outcome === 'proof-needed' || (outcome === 'closed' && link.proof === 'asked')) throw new Refusal('proof-needed')
    if (outcome === 'closed') throw new Refusal('intake-closed')
    if (link.proof !== 'given') keepProof(reply, settings.publicUrl, { intakeId: link.intakeId, token, until: proofEnd(now) }, now)
    return { reference: referenceOf(link.intakeId), statusUrl: statusUrl(caller) }
  }

  /** What is kept of a clinic may say yes, never no: another copy of the API may have shown this patient what was published since. */
  async function payerNameOf(link: LinkFacts, clinic: ClinicFacts, body: IntakeSubmission): Promise<string> {
    const payer = await checkSubmission(deps, link, clinic, body).catch(async (error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      return checkSubmission(deps, link, await clinics.after(link.tenantId, clinic), body)
    })
    return payer.name
  }

  mount(app, deps, getStatus, async ({ caller: { link }, now }) => readStatus(deps, link, await clinics.of(link.tenantId), now))

  mount(app, deps, streamStatus, async ({ caller, reply, request }) => {
    const { link } = caller
    let send: (() => void) | undefined
    live.attach(reply, { tenantId: link.tenantId, intakeId: link.intakeId }, (stream) => {
      send ??= coalesced(
        async () => {
          // The link may have been submitted since the stream began: its own facts are read again too.
          const now = deps.clock.now()
          const current = await intakes.findLink(caller.tokenSha256, now, caller.proofSha256s)
          // Revoked, renewed or ended meanwhile, or this browser is not known any more: whoever comes back is asked anew.
          if (!current || current.proof === 'asked' || !['open', 'sent'].includes(linkUse(current, now))) return stream.close()
          stream.send('status', streamStatus.success.body.parse(await readStatus(deps, current, await clinics.of(link.tenantId), now)))
        },
        (error) => {
          request.log.error({ ...errorFields(error) }, 'status stream ended')
          stream.close()
        },
      )
      send()
    })
  })
}
