import { type Action, type Actor, actorText, authorize, type Resource } from '@heliox/core/identity'
import type { LinkFacts, SessionUser } from '@heliox/core/ports'
import type { FastifyRequest } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import { found, Refusal } from './errors.ts'
import { linkUse } from './link.ts'
import type { RememberedLinks } from './remembered-links.ts'
import type { Access } from './route.ts'
import { isToken, tokenHash } from './token.ts'

export interface LinkCaller {
  by: 'link'
  actor: Extract<Actor, { kind: 'patient' }>
  link: LinkFacts
  token: string
  tokenSha256: string
  use: 'open' | 'sent'
  /** `link` is what an earlier look-up of this process found, and may not be so any more. */
  remembered: boolean
  /** Hashes of what this browser keeps of proofs, of this link or another: the store looks which counts. */
  proofSha256s: readonly string[]
}
export interface StaffCaller {
  by: 'session'
  actor: Extract<Actor, { kind: 'user' }>
  user: SessionUser
  tokenSha256: string
}
/** A program of one clinic, with a token that an administrator made for it. */
interface ServiceCaller {
  by: 'service'
  actor: Extract<Actor, { kind: 'service-account' }>
}
export type Caller = LinkCaller | StaffCaller | ServiceCaller | null

export type CallerOf<A extends Access> = A['by'] extends 'link'
  ? LinkCaller
  : A['by'] extends 'session' | 'own-session'
    ? StaffCaller
    : A['by'] extends 'session-or-service'
      ? StaffCaller | ServiceCaller
      : null

/** `__Host-` binds the cookie to this host and to https; without https (a laptop) browsers refuse that name. */
export const cookieName = (publicUrl: string): string => (publicUrl.startsWith('https:') ? '__Host-hub_session' : 'hub_session')

/** One of each intake: a parent's phone may hold the links of two children. */
export const proofCookieName = (publicUrl: string, intakeId: string): string => `${proofPrefix(publicUrl)}${intakeId.slice(0, 8)}`
const proofPrefix = (publicUrl: string): string => (publicUrl.startsWith('https:') ? '__Host-hub_proof_' : 'hub_proof_')
/** More than a browser is left with (`keepProof`), and less than the 16 kB that Node takes of headers. */
const proofCookiesMax = 100

/** Names and tokens, the oldest first, as browsers send them: a tablet of the waiting room brings those of everybody who had it before. */
export function proofCookiesOf(request: Pick<FastifyRequest, 'cookies'>, publicUrl: string): [name: string, token: string][] {
  const prefix = proofPrefix(publicUrl)
  return Object.entries(request.cookies)
    .flatMap(([name, value]): [string, string][] => (name.startsWith(prefix) && value !== undefined && isToken(value) ? [[name, value]] : []))
    .slice(-proofCookiesMax)
}

/**
 * The link behind a token, or the refusal that tells a stranger nothing. Where the hub knows the patient, a browser that has not proved who it is gets
 * no further, but for what is said to need no proof.
 */
export async function linkCaller(
  deps: ApiDeps,
  request: Pick<FastifyRequest, 'cookies'>,
  token: string,
  options: { before?: 'proof' | undefined; links?: RememberedLinks; remembered?: true | undefined } = {},
): Promise<LinkCaller> {
  if (!isToken(token)) throw new Refusal('link-unknown')
  const { links } = options
  const now = deps.clock.now()
  const tokenSha256 = tokenHash(token)
  const proofSha256s = proofCookiesOf(request, deps.settings.publicUrl).map(([, proof]) => tokenHash(proof))
  const callerAt = (link: LinkFacts, use: LinkCaller['use'], remembered: boolean): LinkCaller => {
    const { intakeId, tenantId } = link
    return { by: 'link', actor: { kind: 'patient', intakeId, tenantId }, link, token, tokenSha256, use, remembered, proofSha256s }
  }
  const known = options.remembered && links?.of(tokenSha256, proofSha256s)
  if (known) return callerAt(known, 'open', true)
  links?.learn(tokenSha256, proofSha256s, undefined)
  const link = found(await deps.intakes.findLink(tokenSha256, now, proofSha256s), 'link-unknown')
  const use = linkUse(link, now)
  if (use === 'unknown') throw new Refusal('link-unknown')
  if (link.region !== deps.settings.region) throw new Refusal('wrong-region')
  if (use === 'ended') throw new Refusal('link-ended')
  if (link.proof === 'asked' && options.before !== 'proof') throw new Refusal('proof-needed')
  if (use === 'open' && link.proof !== 'asked') links?.learn(tokenSha256, proofSha256s, link)
  return callerAt(link, use, false)
}

export async function staffCaller(deps: ApiDeps, request: FastifyRequest): Promise<StaffCaller> {
  const token = request.cookies[cookieName(deps.settings.publicUrl)]
  if (token === undefined || !isToken(token)) throw new Refusal('not-signed-in')
  const tokenSha256 = tokenHash(token)
  const now = deps.clock.now()
  const user = found(await deps.accounts.session(tokenSha256, now), 'not-signed-in')
  if (new Date(user.expiresAt) <= now) throw new Refusal('not-signed-in')
  if (user.region !== deps.settings.region) throw new Refusal('wrong-region')
  return { by: 'session', actor: { kind: 'user', userId: user.userId, tenantId: user.tenantId, roles: user.roles }, user, tokenSha256 }
}

/** `authorization: Service <token>`. */
async function serviceCaller(deps: ApiDeps, token: string): Promise<ServiceCaller> {
  if (!isToken(token)) throw new Refusal('not-signed-in')
  const account = found(await deps.serviceAccounts.find(tokenHash(token), deps.clock.now()), 'not-signed-in')
  if (account.region !== deps.settings.region) throw new Refusal('wrong-region')
  return { by: 'service', actor: { kind: 'service-account', accountId: account.id, tenantId: account.tenantId, role: account.role } }
}

/**
 * A call that changes something for staff must come from our own pages: a header that a foreign form cannot set, and, where
 * the browser says where it comes from, our own origin. SameSite=Strict stands before it; this is the second lock.
 */
function refuseCrossSite(deps: ApiDeps, request: FastifyRequest): void {
  if (request.headers['x-hub-request'] !== '1') throw new Refusal('cross-site')
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('cross-site')
  const { origin } = request.headers
  if (origin === undefined) return
  const ours = new URL(deps.settings.publicUrl).origin
  const asked = URL.canParse(origin) ? new URL(origin).host : null
  if (origin !== ours && asked !== request.headers.host) throw new Refusal('cross-site')
}

/**
 * For pages that we serve and did not write: they send no header of ours. The browser's own word about where the call comes from must
 * then be there, and be our origin.
 */
export function refuseForeignOrigin(deps: ApiDeps, request: FastifyRequest): void {
  const { origin } = request.headers
  const asked = origin !== undefined && URL.canParse(origin) ? new URL(origin).host : null
  if (origin !== new URL(deps.settings.publicUrl).origin && (asked === null || asked !== request.headers.host)) throw new Refusal('cross-site')
}

/** The one question, asked for every route; a "no" is audited. */
export async function mayOrRefuse(deps: ApiDeps, actor: Actor, action: Action, resource: Resource, correlationId: string): Promise<void> {
  if (authorize(actor, action, resource)) return
  await deps.audit.audit(
    actor.kind === 'service' ? resource.tenantId : actor.tenantId,
    { actor: actorText(actor), action, resource: resource.intakeId ?? resource.tenantId, outcome: 'denied', correlationId },
    deps.clock.now(),
  )
  throw new Refusal('not-allowed')
}

export async function callerFor(deps: ApiDeps, request: FastifyRequest, access: Access, links: RememberedLinks): Promise<Caller> {
  const changes = request.method !== 'GET'
  if (access.by === 'anyone') {
    if (changes) refuseCrossSite(deps, request)
    return null
  }
  if (access.by === 'link') {
    const caller = await linkCaller(deps, request, bearer(request), { before: access.before, remembered: access.remembered, links })
    // A foreign page can send neither the link's header nor, with it, our cookie.
    await mayOrRefuse(deps, caller.actor, access.action, { tenantId: caller.link.tenantId, intakeId: caller.link.intakeId }, request.id)
    return caller
  }
  if (access.by === 'session-or-service') {
    const token = /^Service ([^\s]+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined) {
      const program = await serviceCaller(deps, token)
      await mayOrRefuse(deps, program.actor, access.action, { tenantId: program.actor.tenantId }, request.id)
      return program
    }
  }
  const caller = await staffCaller(deps, request)
  if (changes) refuseCrossSite(deps, request)
  if (access.by !== 'own-session') await mayOrRefuse(deps, caller.actor, access.action, { tenantId: caller.user.tenantId }, request.id)
  return caller
}

/** `authorization: Intake <token>`; a token in a query string would end up in somebody's log. */
function bearer(request: FastifyRequest): string {
  const match = /^Intake ([^\s]+)$/.exec(request.headers.authorization ?? '')
  if (!match?.[1]) throw new Refusal('no-link')
  return match[1]
}
