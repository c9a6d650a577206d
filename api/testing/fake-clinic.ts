import { randomUUID } from 'node:crypto'
import type { ApiDeps } from '../deps.ts'
import { hashPassword } from '../kit/password.ts'
import { hillside, lakeside, now, password, regionOf, rhein } from './clinics.ts'
import type { World } from './world.ts'

/** Who may do what at a clinic, its visits and its connections. */
export const fakeAccounts = (world: World): ApiDeps['accounts'] => {
  const hash = hashPassword(password)
  return {
    login: async (slug, email) => {
      const tenantId = { lakeside, hillside, rhein }[slug]
      if (!tenantId || email !== 'ops@lakeside.example') return undefined
      return { tenantId, region: regionOf(tenantId), userId: randomUUID(), passwordHash: await hash }
    },
    createSession: async (tenantId, userId, tokenSha256, expiresAt) => {
      const { user } = world.session(['ops'], tenantId)
      world.sessions.set(tokenSha256, { ...user, userId, expiresAt: expiresAt.toISOString() })
      return user.sessionId
    },
    session: async (sha) => world.sessions.get(sha),
    endSession: async (sha) => void world.sessions.delete(sha),
  }
}

export const fakeServiceAccounts = (world: World): ApiDeps['serviceAccounts'] => ({
  find: async (sha) => {
    const account = world.accounts.get(sha)
    return account && account.endedAt === null && new Date(account.expiresAt) > now ? { ...account, region: regionOf(account.tenantId) } : undefined
  },
  list: async (tenantId) => [...world.accounts.values()].filter((a) => a.tenantId === tenantId),
  create: async (tenantId, { name, role, tokenSha256, expiresAt }, actor, at) => {
    if (world.accounts.size >= 20) return 'too-many'
    const id = randomUUID()
    const times = { createdAt: at.toISOString(), expiresAt: expiresAt.toISOString(), endedAt: null }
    world.accounts.set(tokenSha256, { tenantId, id, name, role, createdBy: actor, ...times })
    return id
  },
  end: async (tenantId, id, _actor, at) => {
    const account = [...world.accounts.values()].find((a) => a.id === id && a.tenantId === tenantId && a.endedAt === null)
    if (!account) return 'not-found'
    account.endedAt = at.toISOString()
    return 'ended'
  },
})

export const fakeClinic = (world: World): ApiDeps['clinic'] => ({
  tenant: async (id) => ({ id, slug: 'lakeside', name: 'Lakeside Clinic', region: regionOf(id), timeZone: 'America/Chicago', npi: '1234567893' }),
  createVisit: async (tenantId, details, link) => {
    if ([...world.links.values()].some(({ visitId }) => visitId === details.visitId)) return 'booked-already'
    const { facts } = world.link({
      ...{ tenantId, startsAt: details.startsAt, practitioner: details.practitioner, expiresAt: link.expiresAt.toISOString() },
      ...(details.visitId === undefined ? {} : { visitId: details.visitId }),
    })
    world.links.set(link.tokenSha256, facts)
    return { visitId: facts.visitId, intakeId: facts.intakeId }
  },
  visitEnd: async (tenantId, intakeId) => {
    const link = [...world.links.values()].find((l) => l.tenantId === tenantId && l.intakeId === intakeId)
    return link && new Date(link.endsAt)
  },
  revokeLink: async (tenantId, intakeId) => {
    const link = [...world.links.values()].find((l) => l.tenantId === tenantId && l.intakeId === intakeId)
    if (!link) return 'not-found'
    link.status = 'revoked'
    return 'revoked'
  },
  renewLink: async (tenantId, intakeId, link, actor) => {
    const old = [...world.links].find(([, l]) => l.tenantId === tenantId && l.intakeId === intakeId)
    if (!old) return 'not-found'
    if (old[1].status === 'submitted') return 'submitted'
    if (world.ofAnother.has(old[1].visitId)) return 'of-another'
    world.links.delete(old[0])
    world.links.set(link.tokenSha256, { ...old[1], expiresAt: link.expiresAt.toISOString() })
    world.audits.push({ tenantId, actor, action: 'link.renew', resource: `intake:${intakeId}`, outcome: 'ok' })
    return 'renewed'
  },
  uploads: async (tenantId, intakeId) =>
    [...world.uploads.values()]
      .filter((u) => u.tenantId === tenantId && u.intakeId === intakeId)
      .map((u) => ({ ...u, cleanKey: u.clean?.key ?? null, reason: null, sent: false })),
  cleanUpload: async (tenantId, id) => {
    const upload = world.uploads.get(id)
    if (upload?.tenantId !== tenantId || upload.status !== 'clean' || !upload.clean) return undefined
    if (![...world.links.values()].some(({ intakeId, status }) => intakeId === upload.intakeId && status === 'submitted')) return 'form-not-sent'
    return { intakeId: upload.intakeId, kind: upload.kind, photo: upload.clean, thumb: upload.clean }
  },
})

export const fakeConnections = (world: World): ApiDeps['connections'] => ({
  list: async (tenantId) =>
    [...world.connections.entries()]
      .filter(([key]) => key.startsWith(tenantId))
      .map(([, c]) => ({
        adapterId: c.adapterId,
        config: c.config,
        secretNames: Object.keys((c.secrets ?? {}) as object),
        updatedAt: c.updatedAt,
        hookKey: null,
        keysId: null,
      })),
  save: async (tenantId, adapterId, config, secrets, actor, at) => {
    world.audits.push({ tenantId, actor, action: 'connection.save', resource: adapterId, outcome: 'ok' })
    const key = `${tenantId} ${adapterId}`
    world.connections.set(key, { adapterId, config, secrets: secrets ?? world.connections.get(key)?.secrets, updatedAt: at.toISOString() })
  },
  publicKeys: async () => undefined,
})
