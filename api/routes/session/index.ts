import { type Action, type Actor, authorize, permissions } from '@heliox/core/identity'
import { limits } from '@heliox/core/kit'
import type { SessionUser } from '@heliox/core/ports'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { cookieName, type StaffCaller } from '../../kit/caller.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { edgeLimits } from '../../kit/limits.ts'
import { mount } from '../../kit/mount.ts'
import { passwordCheck } from '../../kit/password.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { getSession, SessionView, signIn, signOut } from './schemas.ts'

const actions = Object.keys(permissions) as Action[]

/** Sign-in, and what the menu may show. */
export function sessionHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { accounts, settings } = deps
  const check = passwordCheck()
  const cookie = cookieName(settings.publicUrl)
  const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', secure: settings.publicUrl.startsWith('https:') } as const
  const perAccount = app.createRateLimit({
    max: deps.limits?.signInsPerMinuteMax ?? edgeLimits.signInsPerMinuteMax,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => `${request.ip} ${accountOf(request.body)}`,
  })
  const perAddress = app.createRateLimit({
    max: edgeLimits.signInsPerAddressPerMinuteMax,
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => `sign-in ${request.ip}`,
  })

  const view = async (user: SessionUser) => {
    const actor: Actor = { kind: 'user', userId: user.userId, tenantId: user.tenantId, roles: user.roles }
    const { id, slug, name, timeZone, region, languages } = await clinics.of(user.tenantId)
    return SessionView.parse({
      userId: user.userId,
      displayName: user.displayName,
      email: user.email,
      roles: user.roles,
      actions: actions.filter((action) => authorize(actor, action, { tenantId: user.tenantId })),
      tenant: { id, slug, name, timeZone, region, languages },
      expiresAt: user.expiresAt,
    })
  }

  mount(app, deps, signIn, async ({ body, now, correlationId, request, reply }) => {
    for (const limit of [await perAddress(request), await perAccount(request)]) {
      if (!limit.isAllowed && limit.isExceeded) {
        reply.header('retry-after', limit.ttlInSeconds)
        throw new Refusal('too-many-requests')
      }
    }
    const account = await accounts.login(body.tenant, body.email)
    const right = await check(account?.passwordHash, body.password)
    if (!account) throw new Refusal('sign-in-failed')
    if (account.region !== settings.region) throw new Refusal('wrong-region')
    const audit = (outcome: 'ok' | 'denied') =>
      deps.audit.audit(account.tenantId, { actor: `user:${account.userId}`, action: 'session.sign-in', resource: account.userId, outcome, correlationId }, now)
    if (!right) {
      await audit('denied')
      throw new Refusal('sign-in-failed')
    }
    const token = newToken()
    const expiresAt = new Date(now.getTime() + limits.sessionHoursMax * 3600 * 1000)
    await accounts.createSession(account.tenantId, account.userId, tokenHash(token), expiresAt, now)
    await audit('ok')
    const user = found(await accounts.session(tokenHash(token), now), 'sign-in-failed')
    reply.setCookie(cookie, token, { ...cookieOptions, maxAge: limits.sessionHoursMax * 3600 })
    return view(user)
  })

  mount(app, deps, getSession, ({ caller }: { caller: StaffCaller }) => view(caller.user))

  mount(app, deps, signOut, async ({ caller, now, reply }) => {
    await accounts.endSession(caller.tokenSha256, now)
    reply.clearCookie(cookie, cookieOptions)
    return undefined
  })
}

/** Counted by what was typed, whatever its shape: the limit comes before the look-up. */
function accountOf(body: unknown): string {
  const { tenant, email } = (body ?? {}) as { tenant?: unknown; email?: unknown }
  return `${String(tenant).toLowerCase().slice(0, 40)} ${String(email).toLowerCase().slice(0, 120)}`
}
