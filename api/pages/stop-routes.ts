import { type LanguageTag, languageTags, offeredLanguage } from '@heliox/core/kit'
import type { UnsubscribeState } from '@heliox/core/ports'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import type { ClinicFactsCache } from '../kit/clinic-facts.ts'
import { found, Refusal } from '../kit/errors.ts'
import { edgeLimits } from '../kit/limits.ts'
import { isToken, tokenHash } from '../kit/token.ts'
import { pagePolicy } from './policy.ts'
import { stopPage } from './stop-page.ts'

const access = { by: 'page', why: 'the address of a mail is the credential; it stops mails to one mailbox, and takes that back' } as const
const bodyBytesMax = 2_048
type Asked = FastifyRequest<{ Params: { token: string } }>

/**
 * One click in a mail (RFC 8058), and the page behind it. Looking changes nothing: mail scanners follow every link. A post needs no sign-in and no
 * cookie; the mail program sends it, or the page's own button does.
 */
export function stopRoutes(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const perLink = app.createRateLimit({
    max: edgeLimits.stopCallsPerMinuteMax,
    timeWindow: 60_000,
    keyGenerator: ({ params }) => `stop ${(params as { token: string }).token}`,
  })

  async function place(request: Asked, reply: FastifyReply): Promise<{ tenantId: string; tokenSha256: string }> {
    const { token } = request.params
    if (!isToken(token)) throw new Refusal('link-unknown')
    const limit = await perLink(request)
    if (!limit.isAllowed && limit.isExceeded) {
      reply.header('retry-after', limit.ttlInSeconds)
      throw new Refusal('too-many-requests')
    }
    const tokenSha256 = tokenHash(token)
    const { tenantId, region } = found(await deps.unsubscribe.find(tokenSha256), 'link-unknown')
    if (region !== deps.settings.region) throw new Refusal('wrong-region')
    return { tenantId, tokenSha256 }
  }

  async function show(request: Asked, reply: FastifyReply, tenantId: string, state: UnsubscribeState): Promise<FastifyReply> {
    const { phone } = await clinics.of(tenantId)
    const page = stopPage(state, { language: languageOf(request, state.language), path: `/stop/${request.params.token}`, phone })
    return reply.header('content-security-policy', pagePolicy()).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page)
  }

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      scope.addContentTypeParser(type, { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, body, done) => done(null, body))

    scope.get<{ Params: { token: string } }>('/stop/:token', { config: { access } }, async (request, reply) => {
      const { tenantId, tokenSha256 } = await place(request, reply)
      return show(request, reply, tenantId, found(await deps.unsubscribe.state(tenantId, tokenSha256), 'link-unknown'))
    })
    scope.post<{ Params: { token: string } }>('/stop/:token', { bodyLimit: bodyBytesMax, config: { access } }, async (request, reply) => {
      const { tenantId, tokenSha256 } = await place(request, reply)
      const out = wishOf(request)
      const state = await deps.unsubscribe.set(tenantId, tokenSha256, out === 'stop', deps.clock.now())
      return show(request, reply, tenantId, found(state, 'link-unknown'))
    })
  })
}

/** Of a mail program, in either form of a post; or of our own button. Anything else stops nothing by guessing. */
function wishOf({ body, headers }: Asked): 'stop' | 'start' {
  const text = typeof body === 'string' ? body : ''
  if (headers['content-type']?.startsWith('multipart/form-data')) {
    if (/name="?List-Unsubscribe"?\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/i.test(text)) return 'stop'
    throw new Refusal('invalid')
  }
  const form = new URLSearchParams(text)
  if (form.get('List-Unsubscribe') === 'One-Click') return 'stop'
  const wish = form.get('wish')
  if (wish === 'stop' || wish === 'start') return wish
  throw new Refusal('invalid')
}

/** `?lang=`, else the language of the mail. */
function languageOf(request: FastifyRequest, ofMail: string): LanguageTag {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang
  return offeredLanguage([...(typeof asked === 'string' ? [asked] : []), ofMail], languageTags)
}
