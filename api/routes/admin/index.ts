import { actorText } from '@heliox/core/identity'
import { type Adapter, operationsOf } from '@heliox/core/kit'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { parseOrRefuse } from '../../kit/fields.ts'
import { mount } from '../../kit/mount.ts'
import { listAdapters, listConnections, saveConnection } from './schemas.ts'

const form = (shape: z.ZodObject): Record<string, unknown> => z.toJSONSchema(shape, { io: 'input' }) as Record<string, unknown>

/** The credential form of one partner, from its one definition. */
function adapterView(adapter: Adapter) {
  return {
    id: adapter.id,
    title: adapter.title,
    configSchema: form(adapter.config),
    secretsSchema: form(adapter.secrets),
    secretNames: Object.keys(adapter.secrets.shape),
    operations: operationsOf(adapter).map(({ name, operation }) => ({ name, version: operation.version, summary: operation.summary })),
  }
}

/** Only fields of the definition come back: a secret that once was saved as config would not. */
function connectionView(adapter: Adapter, row: Awaited<ReturnType<ApiDeps['connections']['list']>>[number], publicUrl: string) {
  const shown = Object.entries((row.config ?? {}) as Record<string, unknown>).filter(([name]) => name in adapter.config.shape)
  const hookUrl = row.hookKey === null ? null : new URL(`/hooks/${row.adapterId}/${row.hookKey}`, publicUrl).href
  const keysUrl = row.keysId === null ? null : new URL(`/api/keys/${row.keysId}/jwks.json`, publicUrl).href
  return { adapterId: row.adapterId, config: Object.fromEntries(shown), secretNames: row.secretNames, updatedAt: row.updatedAt, hookUrl, keysUrl }
}

const hostNames = /(host|hostname|port|hostkeysha256)$/i

/** Where a configuration sends to: the origin of every URL in it, every host and port, each with the name of its field. */
function targetsOf(config: unknown, at = ''): string[] {
  if (typeof config === 'object' && config !== null) return Object.entries(config).flatMap(([name, inner]) => targetsOf(inner, `${at}.${name}`))
  if (hostNames.test(at.split('.').at(-1) ?? '')) return [`${at} ${config}`]
  if (typeof config !== 'string' || !/^[a-z][a-z0-9+.-]*:\/\//i.test(config) || !URL.canParse(config)) return []
  const { protocol, host } = new URL(config)
  return [`${at} ${protocol}//${host}`]
}
/** Stored secrets go only where they were given for: whoever may change an address could otherwise have them sent to his own. */
function sendsElsewhere(before: unknown, after: unknown): boolean {
  const known = new Set(targetsOf(before))
  return targetsOf(after).some((target) => !known.has(target))
}

/** A clinic's vendor credentials (K-7). Secrets go in and never come out. */
export function adminHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const byId = new Map(deps.adapters.map((adapter) => [adapter.id, adapter]))

  mount(app, deps, listAdapters, async () => ({ items: deps.adapters.map(adapterView) }))

  mount(app, deps, listConnections, async ({ caller: { user } }) => {
    const rows = await deps.connections.list(user.tenantId)
    return {
      items: rows.flatMap((row) => {
        const adapter = byId.get(row.adapterId)
        return adapter ? [connectionView(adapter, row, deps.settings.publicUrl)] : []
      }),
    }
  })

  mount(app, deps, saveConnection, async ({ caller: { user, actor }, params, body, now }) => {
    const adapter = found(byId.get(params.adapterId))
    const config = parseOrRefuse(adapter.config, body.config, 'config')
    const existing = (await deps.connections.list(user.tenantId)).find((row) => row.adapterId === adapter.id)
    if (!body.secrets && Object.keys(adapter.secrets.shape).length > 0) {
      if (!existing) throw new Refusal('invalid', [{ path: 'secrets', message: 'must be given for a new connection' }])
      // As it is read today: a setting with a default that came later is no new address.
      const before = adapter.config.safeParse(existing.config)
      if (sendsElsewhere(before.success ? before.data : existing.config, config)) {
        throw new Refusal('invalid', [{ path: 'secrets', message: 'must be given again, because an address changed' }])
      }
    }
    const secrets = body.secrets && parseOrRefuse(adapter.secrets, body.secrets, 'secrets')
    const publicKeys = secrets && adapter.publicKeys?.(secrets as never)
    const isCalled = Object.values(adapter.receive).some(({ webhook }) => webhook !== undefined)
    // The store audits in the same commit.
    await deps.connections.save(user.tenantId, adapter.id, config, secrets, actorText(actor), now, { publicKeys, isCalled })
    clinics.forget(user.tenantId)
    const saved = (await deps.connections.list(user.tenantId)).find((row) => row.adapterId === adapter.id)
    return connectionView(adapter, found(saved), deps.settings.publicUrl)
  })
}
