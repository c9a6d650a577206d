import { randomUUID } from 'node:crypto'
import type { MessageRules, MessageView } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import { now } from './clinics.ts'
import type { World } from './world.ts'

/** Messages in memory: what the desk asked for, by intake. The real store is in `db/messaging/messages.spec.ts`. */
export function fakeMessages({ links, optOuts }: Pick<World, 'links' | 'optOuts'>): ApiDeps['messages'] {
  const sent: MessageView[] = []
  let saved: MessageRules = { quiet: { fromMinutes: 1260, untilMinutes: 480 }, senderName: null }
  const intakeOf = (tenantId: string, intakeId: string) => [...links.values()].find((link) => link.tenantId === tenantId && link.intakeId === intakeId)
  const keyOf = (intakeId: string, channel: string): string => `${intakeId} ${channel}`
  return {
    async send(tenantId, intakeId, { kind, channel, atOnce }) {
      const intake = intakeOf(tenantId, intakeId)
      if (!intake) return { is: 'not-found' }
      if (intake.status === 'submitted') return { is: 'not-possible', reason: 'finished' }
      const by = channel === 'auto' ? 'sms' : channel
      if (optOuts.has(keyOf(intakeId, by))) return { is: 'not-possible', reason: 'opted-out' }
      if (sent.length >= 6) return { is: 'too-many' }
      const at = now.toISOString()
      const base = { id: randomUUID(), intakeId, kind, channel: by, reason: null, code: null, createdAt: at, sentAt: null, statusAt: at, by: 'desk' } as const
      const message: MessageView = atOnce ? { ...base, status: 'requested', dueAt: null } : { ...base, status: 'planned', dueAt: at }
      sent.unshift(message)
      return { is: 'sent', message }
    },
    async ofVisit(tenantId, intakeId) {
      if (!intakeOf(tenantId, intakeId)) return undefined
      const cause = optOuts.get(keyOf(intakeId, 'sms'))
      return {
        messages: sent.filter((message) => message.intakeId === intakeId),
        channels: { sms: cause ? { is: 'opted-out', since: now.toISOString(), cause } : { is: 'ready' }, mail: { is: 'no-address' } },
        textsWanted: false,
      }
    },
    latest: async (_tenantId, intakeIds) =>
      new Map(sent.filter((message) => intakeIds.includes(message.intakeId)).map((message) => [message.intakeId, message])),
    async setOptOut(tenantId, intakeId, { channel, out }) {
      if (!intakeOf(tenantId, intakeId)) return 'not-found'
      const key = keyOf(intakeId, channel)
      const cause = optOuts.get(key)
      const isClinics = cause === undefined || cause === 'staff' || cause === 'address'
      if (cause === undefined && channel === 'mail') return 'no-address'
      if (out && isClinics) optOuts.set(key, 'staff')
      if (out) return 'set'
      if (!isClinics) return 'patients-word'
      optOuts.delete(key)
      return 'set'
    },
    rules: async () => saved,
    async saveRules(_tenantId, rules) {
      saved = rules
    },
  }
}
