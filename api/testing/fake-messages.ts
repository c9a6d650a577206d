import { randomUUID } from 'node:crypto'
import type { MessageRules, MessageView } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import { now } from './clinics.ts'
import type { World } from './world.ts'

/** Messages in memory: what the desk asked for, by intake. The real store is in `db/messaging/messages.spec.ts`. */
export function fakeMessages({ links }: Pick<World, 'links'>): ApiDeps['messages'] {
  const sent: MessageView[] = []
  const stopped = new Set<string>()
  let saved: MessageRules = { quiet: { fromMinutes: 1260, untilMinutes: 480 }, senderName: null }
  const intakeOf = (tenantId: string, intakeId: string) => [...links.values()].find((link) => link.tenantId === tenantId && link.intakeId === intakeId)
  const keyOf = (tenantId: string, intakeId: string, channel: string): string => `${tenantId}/${intakeId}/${channel}`
  return {
    async send(tenantId, intakeId, { kind, channel, atOnce }) {
      const intake = intakeOf(tenantId, intakeId)
      if (!intake) return { is: 'not-found' }
      if (intake.status === 'submitted') return { is: 'not-possible', reason: 'finished' }
      const by = channel === 'auto' ? 'sms' : channel
      if (stopped.has(keyOf(tenantId, intakeId, by))) return { is: 'not-possible', reason: 'opted-out' }
      if (sent.length >= 6) return { is: 'too-many' }
      const at = now.toISOString()
      const base = { id: randomUUID(), intakeId, kind, channel: by, reason: null, code: null, createdAt: at, sentAt: null, statusAt: at, by: 'desk' } as const
      const message: MessageView = atOnce ? { ...base, status: 'requested', dueAt: null } : { ...base, status: 'planned', dueAt: at }
      sent.unshift(message)
      return { is: 'sent', message }
    },
    async ofVisit(tenantId, intakeId) {
      if (!intakeOf(tenantId, intakeId)) return undefined
      const isOut = stopped.has(keyOf(tenantId, intakeId, 'sms'))
      return {
        messages: sent.filter((message) => message.intakeId === intakeId),
        channels: { sms: isOut ? { is: 'opted-out', since: now.toISOString(), cause: 'staff' } : { is: 'ready' }, mail: { is: 'no-address' } },
        textsWanted: false,
      }
    },
    latest: async (_tenantId, intakeIds) =>
      new Map(sent.filter((message) => intakeIds.includes(message.intakeId)).map((message) => [message.intakeId, message])),
    async setOptOut(tenantId, intakeId, { channel, out }) {
      if (!intakeOf(tenantId, intakeId)) return 'not-found'
      if (channel === 'mail') return 'no-address'
      stopped[out ? 'add' : 'delete'](keyOf(tenantId, intakeId, channel))
      return 'set'
    },
    rules: async () => saved,
    async saveRules(_tenantId, rules) {
      saved = rules
    },
  }
}
