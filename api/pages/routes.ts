import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { fill } from '@heliox/core/messages'
import type { LinkFacts } from '@heliox/core/ports'
import { referenceOf } from '@heliox/core/reporting'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { type LinkCaller, linkCaller, mayOrRefuse } from '../kit/caller.ts'
import type { ClinicFacts, ClinicFactsCache } from '../kit/clinic-facts.ts'
import { found, type Refusal, Refusal as RefusalError } from '../kit/errors.ts'
import { edgeLimits } from '../kit/limits.ts'
import { statusUntil } from '../kit/link.ts'
import { limitByLink } from '../kit/link-limit.ts'
import { receiptPdf } from '../receipt/receipt.ts'
import { correctionsAreOpen } from '../routes/corrections/index.ts'
import { readStatus } from '../routes/intake/status.ts'
import { confirmedPage } from './confirmed-page.ts'
import { consentsPage } from './consents-page.ts'
import { failurePage } from './failure-page.ts'
import { html } from './html.ts'
import { languageOf, languageQuery } from './language.ts'
import { nothingToConfirmPage } from './nothing-to-confirm-page.ts'
import { type PageNeeds, pagePolicy } from './policy.ts'
import { type ByLink, proofUrl } from './proof-url.ts'
import { statusPage } from './status-page.ts'

const staticFolder = fileURLToPath(new URL('./static/', import.meta.url))
const page = (why: string) => ({ config: { access: { by: 'page', why } as const } })
/** Staff screens: the page itself holds nothing; its data comes from routes that ask who is calling. */
const staffEntries = {
  '/': 'signin',
  '/signin': 'signin',
  '/ops': 'ops',
  '/ops/*': 'ops',
  '/clinic': 'clinic',
  '/clinic/*': 'clinic',
  '/admin': 'admin',
  '/admin/*': 'admin',
}
const immutable = 'public, max-age=31536000, immutable'

export const errorPage = (refusal: Refusal | undefined, request: FastifyRequest, reply: FastifyReply): string => {
  reply.header('content-security-policy', pagePolicy())
  return failurePage(refusal?.code ?? null, languageOf(request), request.id)
}

function sendPage(reply: FastifyReply, text: string, needs: PageNeeds): FastifyReply {
  return reply.header('content-security-policy', pagePolicy(needs)).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)
}

/** Server-made pages for patients, and the built screens. */
export function pages(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { settings, clock } = deps

  async function entry(reply: FastifyReply, name: string, needs: PageNeeds, instead = (text: string) => text): Promise<FastifyReply> {
    const file = join(settings.uiFolder, `${name}.html`)
    if (!existsSync(file)) {
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The screens are not built yet: run `make up`, or `npm run -s node -- ui/build.ts`, and reload.\n')
    }
    return sendPage(reply, instead(await readFile(file, 'utf8')), needs)
  }
  /** Where scripts do not run, the clinic's own number stands in place of the form. */
  function form(request: FastifyRequest, reply: FastifyReply, clinic: ClinicFacts, needs: PageNeeds): Promise<FastifyReply> {
    const language = languageOf(request, clinic.languages)
    const words = html`<noscript><p lang="${language}">${fill('page.no-script', language, { clinic: clinic.name, phone: clinic.phone })}</p></noscript>`
    return entry(reply, 'intake', needs, (text) => text.replace(/<noscript>.*?<\/noscript>/s, () => words.text))
  }

  const asks = async (link: LinkFacts): Promise<boolean> =>
    correctionsAreOpen(link, clock.now()) && (await deps.corrections.asked(link.tenantId, link.intakeId))

  const limited = limitByLink(app, 'page', deps.limits?.linkCallsPerMinuteMax ?? edgeLimits.linkCallsPerMinuteMax)
  const receiptLimited = limitByLink(app, 'receipt', edgeLimits.receiptsPerMinuteMax)

  async function behind(request: ByLink, reply: FastifyReply): Promise<LinkCaller> {
    const caller = await linkCaller(deps, request, request.params.token, { before: 'proof' })
    request.caller = caller
    await limited(request, reply)
    return caller
  }

  /** Who may see what is behind a link. Undefined: the form's page asks for the proof first, and the browser is on its way there. */
  async function known(request: ByLink, reply: FastifyReply): Promise<LinkCaller | undefined> {
    const caller = await behind(request, reply)
    if (caller.link.proof !== 'asked') return caller
    void reply.header('cache-control', 'no-store').redirect(proofUrl(request), 302)
    return undefined
  }

  app.get<{ Params: { token: string } }>('/i/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const { link, use } = await behind(request, reply)
    if (use === 'sent' && link.proof !== 'asked') return reply.redirect(`/${(await asks(link)) ? 'correct' : 'status'}/${token}${languageQuery(request)}`, 302)
    const clinic = await clinics.of(link.tenantId)
    return form(request, reply, clinic, { objectsOrigin: settings.objectsOrigin, card: clinic.card })
  })

  /** The same screens and the same link: what is asked now stands in place of the form. */
  app.get<{ Params: { token: string } }>('/correct/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'intake.correct', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    if (!(await asks(link))) return reply.redirect(`/${link.status === 'submitted' ? 'status' : 'i'}/${token}`, 302)
    return form(request, reply, await clinics.of(link.tenantId), {})
  })

  app.get<{ Params: { token: string } }>('/status/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'status.read', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const clinic = await clinics.of(link.tenantId)
    const view = await readStatus(deps, link, clinic, clock.now())
    const options = {
      language: languageOf(request, clinic.languages),
      path: `/status/${token}`,
      formPath: `/i/${token}`,
      correctPath: `/correct/${token}`,
      confirmPath: `/confirm/${token}`,
      consentsPath: `/consents/${token}`,
      confirmChargePath: `/confirm-charge/${token}`,
      leaveMethodPath: `/method/${token}`,
      forgetPath: link.proof === 'given' ? `/forget/${token}` : null,
      until: statusUntil(link).toISOString(),
    }
    return sendPage(reply, statusPage(view, options), {})
  })

  /** What was agreed to, and taking it back. */
  app.get<{ Params: { token: string } }>('/consents/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'status.read', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const clinic = await clinics.of(link.tenantId)
    const options = {
      language: languageOf(request, clinic.languages),
      intakeId: link.intakeId,
      path: `/consents/${token}`,
      statusPath: `/status/${token}`,
      receiptPath: link.proof === 'given' ? `/receipt/${token}` : null,
    }
    return sendPage(reply, consentsPage(await deps.consents.given(link), clinic, options), {})
  })
  /** A file to keep, not a page: it is saved, never shown inside ours. */
  app.get<{ Params: { token: string } }>('/receipt/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const caller = await known(request, reply)
    if (!caller) return reply
    await receiptLimited(request, reply)
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'status.read', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const now = clock.now()
    // It names the patient and where they were: the link alone, of a form that was never kept as a draft, does not lead there.
    const signing = link.proof === 'given' ? deps.consents.receipt(link, now) : undefined
    const [clinic, signed] = await Promise.all([clinics.of(link.tenantId), signing])
    const language = languageOf(request, clinic.languages)
    if (!signed) return reply.redirect(`/consents/${request.params.token}?lang=${language}`, 302)
    const reference = referenceOf(link.intakeId)
    const pdf = await receiptPdf({ language, clinic, reference, ...signed }, now)
    return reply
      .header('content-disposition', `attachment; filename="${reference}.pdf"`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .type('application/pdf')
      .send(pdf)
  })

  /** To the bank's own page, where the patient confirms the method. Its address opens it for whoever has it: it is in no page and no log. */
  app.get<{ Params: { token: string } }>('/confirm/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'status.read', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const url = await deps.payments.confirmationUrl(link, clock.now())
    return reply.header('cache-control', 'no-store').redirect(url ?? `/status/${token}`, 303)
  })
  /** The same for a charge: nothing is taken before the patient confirms it there. One that was called off leads nowhere, from a page of before either. */
  app.get<{ Params: { token: string } }>('/confirm-charge/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const { token } = request.params
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'status.read', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const url = await deps.payments.chargeUrl(link, clock.now())
    if (url !== undefined) return reply.header('cache-control', 'no-store').redirect(url, 303)
    const clinic = await clinics.of(link.tenantId)
    const options = { language: languageOf(request, clinic.languages), statusPath: `/status/${token}` }
    return sendPage(reply.code(409), nothingToConfirmPage(clinic, options), {})
  })
  /** Where the patient leaves another card or account; it says by itself when nobody asks for one. */
  app.get<{ Params: { token: string } }>('/method/:token', page('the link is the credential; it is looked up here'), async (request, reply) => {
    const caller = await known(request, reply)
    if (!caller) return reply
    const { link, actor } = caller
    await mayOrRefuse(deps, actor, 'method.leave', { tenantId: link.tenantId, intakeId: link.intakeId }, request.id)
    const clinic = await clinics.of(link.tenantId)
    return form(request, reply, clinic, { card: clinic.card })
  })
  /** Where the bank sends the patient back to: it knows no patient, and what it was called with is not looked at. */
  app.get('/confirmed', page('the same for everyone'), async (request, reply) => sendPage(reply, confirmedPage(languageOf(request)), {}))

  for (const [url, name] of Object.entries(staffEntries)) {
    app.get(url, page('the page holds no data'), (_request, reply) => entry(reply, name, {}))
  }

  app.get<{ Params: { hex: string } }>('/server-pages/brand/:hex.css', page('a colour'), async (request, reply) => {
    const { hex } = request.params
    if (!/^[0-9a-f]{6}$/.test(hex)) throw new RefusalError('no-such-route')
    return reply.header('cache-control', immutable).type('text/css; charset=utf-8').send(`:root{--brand:#${hex}}\n`)
  })
  // The build leaves each screen's file packed beside it (ui/build.ts); a file without is sent as it is.
  /** What is on the clinic's door. Under its hash it never changes. */
  app.get<{ Params: { tenantId: string; file: string } }>('/logo/:tenantId/:file', page('the same for everyone'), async (request, reply) => {
    const [, sha256] = /^([0-9a-f]{64})\.png$/.exec(request.params.file) ?? []
    if (!sha256 || !z.uuid().safeParse(request.params.tenantId).success) throw new RefusalError('no-such-route')
    const logo = found(await deps.look.logo(request.params.tenantId, sha256), 'no-such-route')
    return reply.header('cache-control', immutable).header('x-content-type-options', 'nosniff').type('image/png').send(logo)
  })
  void app.register(fastifyStatic, { root: staticFolder, serve: false, preCompressed: true })
  for (const file of ['page.css', 'status.js', 'consents.js']) {
    app.get(`/server-pages/${file}`, page('the same for everyone'), (_request, reply) => reply.sendFile(file, staticFolder, { maxAge: '5m' }))
  }
  // Vite puts a hash into the name of what is under assets/: it never changes. The rest is asked for again.
  app.get<{ Params: { '*': string } }>('/assets/*', page('the same for everyone'), (request, reply) =>
    reply.header('vary', 'accept-encoding').sendFile(`assets/${request.params['*']}`, settings.uiFolder, { maxAge: '365d', immutable: true }),
  )
  app.get<{ Params: { file: string } }>('/:file', page('the same for everyone'), (request, reply) => {
    const { file } = request.params
    if (!/^[a-z0-9-]{1,40}\.(svg|png|ico|webmanifest)$/.test(file)) throw new RefusalError('no-such-route')
    return reply.sendFile(file, settings.uiFolder, { maxAge: '1h' })
  })
}
