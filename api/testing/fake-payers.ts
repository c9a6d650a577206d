import { AnswerAges, PayerCalendar, payerRules } from '@heliox/core/catalog'
import type { PayerAdminStore, PayerDetail } from '@heliox/core/ports'

const catalogue = payerRules({ route: 'real-time', calendar: PayerCalendar.parse({ timeZone: 'America/Chicago' }), ages: AnswerAges.parse({}) }, {})

/** Payers in memory: one in the catalogue, and each clinic's own values over it. */
export function fakePayers(audits: { tenantId: string; actor: string; action: string; resource: string; outcome: string }[]): PayerAdminStore {
  const own = new Map<string, { settings: PayerDetail['settings']; version: number }>()
  const find = (tenantId: string, payerId: string): PayerDetail | undefined => {
    if (payerId !== 'HELIO1') return undefined
    const saved = own.get(tenantId) ?? { settings: {}, version: 0 }
    const { route, calendar } = payerRules(catalogue, saved.settings)
    const now = { open: true, nextOpenAt: null, lastSeenAt: null, suspiciousSince: null, suspicions: [] }
    const facts = { id: payerId, name: 'Helio Health Plan', route, timeZone: calendar.timeZone, ...now, own: saved.version > 0 }
    return { ...facts, ...saved, catalogue, canaryResults: [] }
  }
  return {
    list: async (tenantId) => {
      const payer = find(tenantId, 'HELIO1')
      return payer ? [payer] : []
    },
    find: async (tenantId, payerId) => find(tenantId, payerId),
    save: async (tenantId, payerId, { settings, version }, actor) => {
      const before = find(tenantId, payerId)
      if (!before) return 'not-found'
      if (before.version !== version) return 'changed-meanwhile'
      own.set(tenantId, { settings, version: version + 1 })
      audits.push({ tenantId, actor, action: 'payer.settings-changed', resource: payerId, outcome: 'ok' })
      return 'saved'
    },
  }
}
