import type { ReminderStore } from '@heliox/core/ports'
import { expect } from 'chai'
import { now, run as runRounds, said } from '../rounds/testing.ts'
import { startReminders } from './index.ts'

const none = { waited: null, 'reminder-72h': null, 'reminder-24h': null }

const reminding = (reminders: ReminderStore, enough: () => boolean) => runRounds((around) => startReminders({ ...around, reminders }), enough)
const run = async (reminders: ReminderStore, enough: () => boolean): Promise<string[]> => (await reminding(reminders, enough)).map(said)

describe('hub/reminders', () => {
  it('asks for what is due at the clinics of its own region, at the hub’s time', async () => {
    const begun: unknown[] = []
    const lines = await run(
      {
        tenants: async (at) => (at === now ? ['eu-1', 'us-1'] : []),
        begin: async (...args) => {
          begun.push(args)
          return { waited: 1, reminders: 2, skipped: [], readTo: none }
        },
      },
      () => begun.length > 0,
    )
    expect(begun).to.deep.equal([['us-1', { process: 'engine-1', now }]])
    expect(lines).to.deep.equal(['info messages that are due were asked for'])
  })

  it('goes on with the others when one clinic fails', async () => {
    const begun: string[] = []
    const lines = await run(
      {
        tenants: async () => ['us-1', 'us-2'],
        begin: async (tenantId) => {
          if (tenantId === 'us-1') throw new Error('no commit')
          begun.push(tenantId)
          return { waited: 0, reminders: 0, skipped: [], readTo: none }
        },
      },
      () => begun.length > 0,
    )
    expect(begun).to.deep.equal(['us-2'])
    expect(lines).to.deep.equal(['error asking for messages that are due failed on our side; later again'])
  })

  it('goes on behind what it read last, for each clinic, and with the first after the last', async () => {
    const at = { at: '2026-02-05 15:00:00+00', id: 'a' }
    const full = { ...none, 'reminder-72h': at }
    const asked: unknown[] = []
    const answers = [full, none, none]
    // A clinic has one place at a time: among five clinics the first has left when its next turn comes.
    const five = ['us-1', 'us-2', 'us-3', 'us-4', 'us-5']
    await run(
      {
        tenants: async () => [...five, ...five, ...five],
        begin: async (tenantId, { after }) => {
          if (tenantId !== 'us-1') return { waited: 0, reminders: 0, skipped: [], readTo: none }
          asked.push(after)
          return { waited: 0, reminders: 0, skipped: [], readTo: answers[asked.length - 1] ?? none }
        },
      },
      () => asked.length >= 3,
    )
    expect(asked.slice(0, 3)).to.deep.equal([undefined, full, undefined])
  })

  it('says once which one could not be asked for, without what a database says of its row', async () => {
    let rounds = 0
    const error = Object.assign(new Error('Failing row contains (canary)'), { code: '23514', detail: 'canary' })
    const lines = await reminding(
      {
        tenants: async () => ['us-1', 'us-2', 'us-3'],
        begin: async () => {
          rounds += 1
          return { waited: 0, reminders: 0, skipped: [{ of: 'intake:x', error }], readTo: none }
        },
      },
      () => rounds >= 3,
    )
    const told = lines.filter(({ level }) => level === 'error').map(({ text, about }) => ({ ...about, text }))
    expect(rounds).to.be.at.least(3)
    expect(told).to.have.length(1)
    expect(told[0]).to.include({ tenantId: 'us-1', of: 'intake:x', text: 'a message that is due cannot be asked for; the others were' })
    expect(JSON.stringify(lines)).not.to.contain('canary')
  })
})
