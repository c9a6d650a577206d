import type { LanguageTag } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import { linkCaller, mayOrRefuse } from '../kit/caller.ts'
import { Refusal } from '../kit/errors.ts'
import { edgeLimits } from '../kit/limits.ts'
import { limitByLink } from '../kit/link-limit.ts'
import { dropProof } from '../kit/proof-cookie.ts'
import { html } from './html.ts'
import { languageOf, languageQuery } from './language.ts'
import { layout } from './layout.ts'
import { pagePolicy } from './policy.ts'
import type { ByLink } from './proof-url.ts'

const bodyBytesMax = 1_024
const access = (why: string) => ({ access: { by: 'page', why } as const })

const forgottenPage = (language: LanguageTag): string =>
  layout({
    language,
    title: fill('forgotten.title', language),
    brandColour: null,
    script: null,
    header: html``,
    main: html`<h1>${fill('forgotten.title', language)}</h1><p>${fill('forgotten.text', language)}</p>`,
  })

/**
 * The button of the status page for a device that is not the patient's own; works without JavaScript. Another site cannot press it: it does not know the
 * link, our cookie does not travel from there (SameSite), and a browser that says where it comes from is believed. An `Origin` would say nothing here: our
 * pages send no referrer, and with that browsers send `null`.
 */
export function forgetRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const limited = limitByLink(app, 'forget', deps.limits?.linkCallsPerMinuteMax ?? edgeLimits.linkCallsPerMinuteMax)

  void app.register(async (scope) => {
    // A form without a field has an empty body; whatever it holds is not looked at.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, _body, done) => done(null, null))

    scope.post(
      '/forget/:token',
      { bodyLimit: bodyBytesMax, config: access('the link is the credential; it is looked up here') },
      async (request: ByLink, reply) => {
        const site = request.headers['sec-fetch-site']
        if (site !== undefined && site !== 'same-origin') throw new Refusal('cross-site')
        const caller = await linkCaller(deps, request, request.params.token, { before: 'proof' })
        request.caller = caller
        await limited(request, reply)
        const { link, actor, proofSha256s } = caller
        await mayOrRefuse(deps, actor, 'intake.prove', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
        await deps.proofs.end(link, proofSha256s, deps.clock.now())
        dropProof(reply, deps.settings.publicUrl, link.intakeId)
        // To a page that names no link: what is left open here leads nowhere.
        return reply.header('cache-control', 'no-store').redirect(`/forgotten${languageQuery(request)}`, 303)
      },
    )
  })
  app.get('/forgotten', { config: access('the same for everyone') }, (request, reply) => {
    return reply
      .header('content-security-policy', pagePolicy())
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(forgottenPage(languageOf(request)))
  })
}
