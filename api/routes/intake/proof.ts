import { contactOf } from '@heliox/core/identity'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { type ClinicFactsCache, clinicView } from '../../kit/clinic-facts.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { dropProof, keepProof, ownToken } from '../../kit/proof-cookie.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { forgetProof, getDraft, getProof, removeDraft, saveDraft, sendCode, submitProof } from './proof-schemas.ts'

/** Who may go on with a link that the hub holds something behind, and what was typed there so far. */
export function proofHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { proofs, drafts } = deps
  const { publicUrl } = deps.settings

  mount(app, deps, getProof, async ({ caller: { link }, now }) => {
    const [view, clinic] = await Promise.all([proofs.view(link, now), clinics.of(link.tenantId)])
    const { asksBirthDate, to, language, code, pausedUntil } = found(view, 'link-unknown')
    return { clinic: clinicView(clinic), language, expiresAt: link.expiresAt, asks: { birthDate: asksBirthDate }, to, code, pausedUntil }
  })

  mount(app, deps, sendCode, async ({ caller: { link }, body, now, request, reply }) => {
    const sent = await proofs.sendCode(link, body.channel, now, request.traceparent)
    if (sent === 'not-found') throw new Refusal('link-unknown')
    if (sent === 'no-address') throw new Refusal('no-address')
    if ('expiresAt' in sent) return sent
    reply.header('retry-after', Math.max(1, Math.ceil((new Date(sent.pausedUntil).getTime() - now.getTime()) / 1000)))
    throw new Refusal('code-paused')
  })

  mount(app, deps, submitProof, async ({ caller: { link }, body, now, reply }) => {
    const token = newToken()
    const { provedUntil, ...result } = await proofs.prove(link, body, tokenHash(token), now)
    if (provedUntil !== null) keepProof(reply, publicUrl, { intakeId: link.intakeId, token, until: new Date(provedUntil) }, now)
    return result
  })

  mount(app, deps, forgetProof, async ({ caller: { link, proofSha256s }, now, reply }) => {
    await proofs.end(link, proofSha256s, now)
    dropProof(reply, publicUrl, link.intakeId)
    return undefined
  })

  mount(app, deps, getDraft, async ({ caller: { link }, now }) => found((await drafts.read(link, now)).draft ?? undefined))

  mount(app, deps, saveDraft, async ({ caller: { link, use }, headers, body, now, request, reply }) => {
    if (use === 'sent') throw new Refusal('intake-closed')
    const { contact: typed, ...draft } = body
    // What is typed so far may be half a number: it is kept in the draft, and nobody is written to there.
    const input = typed && { ...typed, smsAllowed: false }
    const contact = input && (contactOf(input, await clinics.of(link.tenantId)) ?? { ...input, phone: null })
    // Of before the save: when its answer is lost, the browser is known by it all the same.
    const token = ownToken(request, publicUrl, link.intakeId)
    const saved = await drafts.save(link, { ...draft, contact }, Number(headers['if-match'].slice(1, -1)), tokenHash(token), now)
    if (saved === 'changed') throw new Refusal('draft-changed')
    if (saved === 'closed') throw new Refusal('intake-closed')
    if (saved === 'proof-needed') throw new Refusal('proof-needed')
    if (saved.provedUntil !== null) keepProof(reply, publicUrl, { intakeId: link.intakeId, token, until: new Date(saved.provedUntil) }, now)
    return { version: saved.version, savedAt: now.toISOString() }
  })

  mount(app, deps, removeDraft, async ({ caller: { link }, now }) => {
    await drafts.clear(link, now)
    return undefined
  })
}
