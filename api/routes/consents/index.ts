import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { listConsents, withdrawConsent } from './schemas.ts'

/** What the patient agreed to, and taking it back. */
export function consentHandlers(app: FastifyInstance, deps: ApiDeps): void {
  mount(app, deps, listConsents, async ({ caller: { link } }) => ({
    items: (await deps.consents.given(link)).map(({ id, text: { kind, title, version }, signedAt, withdrawnAt }) => ({
      ...{ id, kind, title, version, signedAt },
      withdrawnAt,
    })),
  }))
  mount(app, deps, withdrawConsent, async ({ caller: { link }, params, now }) => ({ kind: found(await deps.consents.withdraw(link, params.consentId, now)) }))
}
