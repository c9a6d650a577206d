import type { MessageChannel } from '@heliox/core/messaging'
import { channelState } from '@heliox/core/messaging'
import type { ChannelView, MessageStore, OutgoingStore, ReminderStore } from '@heliox/core/ports'
import { audit } from './compliance/audit.ts'
import { type Reach, reachOf } from './identity/reach.ts'
import { channelFacts, keyOf, leaveNow, textsWanted } from './messaging/message-leave.ts'
import { fetchLetter, openLetter } from './messaging/message-letter.ts'
import { messageRules, saveMessageRules } from './messaging/message-settings.ts'
import { findMessage, latestOf, messagesOf, messageView } from './messaging/messages.ts'
import { lift, optOut, optOutOf } from './messaging/opt-outs.ts'
import { planMessage } from './messaging/plan-message.ts'
import { beginReminders, fromTheFirst, requestDue } from './messaging/reminders.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** So many of each kind in one commit of one clinic; the next round goes on. */
const perRoundMax = 100
const shownMax = 50

/** Messages as the front desk asks for them: rows and events in one commit; a flow sends them. No SQL is written here. */
export function makeMessages({ pool, process, wake }: Deps): MessageStore {
  const reader = `service:${process}`
  return {
    async send(tenantId, intakeId, { kind, channel, atOnce }, actor, now, traceparent = null) {
      const sent = await withTenant(pool, tenantId, actor, async (tx) => {
        const wish = { intakeId, kind, channel, atOnce, aboutId: null, requestedBy: actor, notAfter: null, insteadOf: null, keepRefusal: false }
        const planned = await planMessage(tx, wish, { now, process, traceparent })
        // Somebody else pressed at the same moment: theirs is the one.
        if (planned.is === 'there') return { is: 'too-many' as const }
        if (planned.is === 'not-possible') return planned
        if (planned.is !== 'planned') return { is: planned.is }
        await audit(tx, { action: 'message.send', resource: `message:${planned.id} ${kind}`, outcome: 'ok' }, now)
        const row = await findMessage(tx, planned.id)
        if (!row) throw new Error('the message that was just written is not there')
        return { is: 'sent', message: messageView(row) } as const
      })
      if (sent.is === 'sent') wake.outbox('messaging')
      return sent
    },
    ofVisit: (tenantId, intakeId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const reach = await reachOf(tx, intakeId, now)
        if (!reach) return undefined
        const messages = (await messagesOf(tx, intakeId, shownMax)).map(messageView)
        const channels = { sms: await channelView(tx, reach, intakeId, 'sms'), mail: await channelView(tx, reach, intakeId, 'mail') }
        return { messages, channels, textsWanted: await textsWanted(tx, reach, intakeId) }
      }),
    latest: (tenantId, intakeIds) =>
      withTenant(pool, tenantId, reader, async (tx) => new Map((await latestOf(tx, intakeIds)).map((row) => [row.intakeId, messageView(row)]))),
    setOptOut: (tenantId, intakeId, { channel, out }, actor, now) =>
      withTenant(pool, tenantId, actor, async (tx) => {
        const reach = await reachOf(tx, intakeId, now)
        if (!reach) return 'not-found'
        const addressKey = keyOf(reach, channel)
        if (addressKey === null) return 'no-address'
        const said = { channel, addressKey, at: now }
        const did = out ? ((await optOut(tx, said, 'staff', actor)) ? 'set' : 'nothing') : await lift(tx, said, actor)
        if (did === 'nothing') return 'set'
        const denied = did === 'patients-word'
        const action = out ? 'opt-out.set' : 'opt-out.end'
        await audit(tx, { action, resource: `intake:${intakeId} ${channel}`, outcome: denied ? 'denied' : 'ok' }, now)
        return denied ? did : 'set'
      }),
    rules: (tenantId) => withTenant(pool, tenantId, reader, messageRules),
    saveRules: (tenantId, rules, actor, now) => withTenant(pool, tenantId, actor, (tx) => saveMessageRules(tx, rules, now)),
  }
}

/** For what the desk sends: an invitation. */
async function channelView(tx: Tx, reach: Reach, intakeId: string, channel: MessageChannel): Promise<ChannelView> {
  const is = channelState(channel, 'invitation', await channelFacts(tx, reach, intakeId, 'invitation', channel))
  const key = keyOf(reach, channel)
  const out = is === 'opted-out' && key !== null ? await optOutOf(tx, channel, key) : undefined
  if (out) return { is: 'opted-out', since: out.saidAt.toISOString(), cause: out.cause }
  if (is === 'opted-out' || is === 'no-consent') throw new Error('an invitation needs no consent, and an opt-out has a row')
  return { is }
}

export function makeOutgoing({ pool, vault, process }: Deps): OutgoingStore {
  return {
    leave: (ref, requestedVersion, messageId, now) =>
      withTenant(pool, ref.tenantId, `service:${process}`, (tx) => leaveNow(tx, ref, requestedVersion, messageId, now)),
    async letter({ tenantId }, messageId, publicUrl, actor, now) {
      await vault.warm(tenantId)
      // The audit rows are committed before anything is opened: a read that then fails has still been a read.
      const sealed = await withTenant(pool, tenantId, actor, (tx) => fetchLetter(tx, vault, messageId, now))
      return sealed ? openLetter(vault, tenantId, sealed, publicUrl) : null
    },
  }
}

export function makeReminders({ pool, wake, process: name }: Deps): ReminderStore {
  return {
    async tenants(now) {
      const found = await pool.query<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM messaging.tenants_with_messages($1)', [now])
      return found.rows.map(({ tenantId }) => tenantId)
    },
    async begin(tenantId, { process, now, after = fromTheFirst }) {
      const at = { now, process, traceparent: null }
      const begun = await withTenant(pool, tenantId, `service:${name}`, async (tx) => {
        const waited = await requestDue(tx, perRoundMax, at, after.waited)
        const reminders = await beginReminders(tx, perRoundMax, at, after)
        const readTo = { waited: waited.readTo, ...reminders.readTo }
        return { waited: waited.count, reminders: reminders.count, skipped: [...waited.skipped, ...reminders.skipped], readTo }
      })
      if (begun.waited + begun.reminders > 0) wake.outbox('messaging')
      return begun
    },
  }
}
