import { adapters } from '@heliox/adapters'
import { expect } from 'chai'
import type { z } from 'zod'
import { demoConnections, demoMessaging, SimulatorPlaces } from './connections.ts'
import { type DemoTenant, demo } from './demo.ts'

const places: z.input<typeof SimulatorPlaces> = {
  clearinghouse: { url: 'http://127.0.0.1:7421', token: 'token-of-the-sim' },
  fhir: { url: 'http://127.0.0.1:7422', token: 'token-of-the-sim' },
  stripe: { url: 'http://127.0.0.1:7423', secretKey: 'sk_test_12345678', publishableKey: 'pk_test_12345678' },
  scanner: { host: '127.0.0.1', port: 7424 },
  twilio: { url: 'http://127.0.0.1:7428', apiKeySecret: 'key-of-the-sim', webhookToken: '0123456789abcdef0123456789abcdef' },
  mail: { host: '127.0.0.1', port: 7431, password: 'word-of-the-sim' },
}
const sftp = { host: '127.0.0.1', port: 7426, hostKeySha256: 'q'.repeat(43) }

const legacyScheduler = { url: 'http://127.0.0.1:7427', apiKey: 'key-of-the-old-one' }

describe('demo connections', () => {
  const parsed = (input: z.input<typeof SimulatorPlaces>, tenant: DemoTenant = demo.lakeside) =>
    new Map(
      Object.entries(demoConnections(SimulatorPlaces.parse(input), tenant)).map(([id, { config, secrets }]) => {
        const adapter = adapters.find((one) => one.id === id)
        if (!adapter) throw new Error(`no adapter ${id}`)
        return [id, { config: adapter.config.parse(config), secrets: adapter.secrets.parse(secrets) }] as const
      }),
    )

  it('are one to every adapter where the clinic has an old scheduler, in the shape that the adapter asks for', () => {
    const found = parsed({ ...places, legacyScheduler })
    expect([...found.keys()].sort()).to.deep.equal(adapters.map(({ id }) => id).sort())
    expect(found.get('legacy-scheduler')?.config).to.include({ baseUrl: legacyScheduler.url })
    expect(found.get('legacy-scheduler')?.secrets).to.deep.equal({ apiKey: legacyScheduler.apiKey })
  })

  it('are one to every adapter but the old scheduler’s where the clinic has none', () => {
    const expected = adapters.map(({ id }) => id).filter((id) => id !== 'legacy-scheduler')
    for (const tenant of demo.tenants) expect([...parsed(places, tenant).keys()].sort(), tenant.slug).to.deep.equal(expected.sort())
    expect(parsed(places, demo.rhein).get('fhir')?.config).to.include({ identifierSystem: 'https://rhein.example/ids', practiceName: 'Rheinpraxis' })
  })

  it('write to patients from every demo clinic’s own number and address', () => {
    const senders = demo.tenants.map((tenant) => {
      const at = demoMessaging(SimulatorPlaces.parse(places), tenant)
      return Object.entries(at).map(([id, { config, secrets }]) => {
        const adapter = adapters.find((one) => one.id === id)
        if (!adapter) throw new Error(`no adapter ${id}`)
        adapter.secrets.parse(secrets)
        const { sender, fromAddress } = adapter.config.parse(config) as { sender?: string; fromAddress?: string }
        return sender ?? fromAddress
      })
    })
    expect(senders).to.deep.equal([
      ['+13125550142', 'no-reply@lakeside.example'],
      ['+492215550142', 'no-reply@rhein.example'],
    ])
  })

  it('lead to the simulator’s folders with its pinned key, where it has some', () => {
    const found = parsed({ ...places, clearinghouse: { ...places.clearinghouse, sftp, batchEveryMinutes: 0 } }).get('clearinghouse')
    expect(found?.config).to.include({ sftpHost: '127.0.0.1', sftpPort: 7426, sftpUser: 'hub', sftpHostKeySha256: sftp.hostKeySha256, batchEveryMinutes: 0 })
    expect(found?.secrets).to.include({ sftpPassword: 'token-of-the-sim' })
    expect(parsed(places).get('clearinghouse')?.config).to.not.have.property('sftpHost')
  })

  it('take webhooks where there is a secret that they are signed with', () => {
    const webhookSecret = 'whsec_0123456789abcdef'
    const found = parsed({ ...places, stripe: { ...places.stripe, webhookSecret, returnUrl: 'http://127.0.0.1:7400/confirmed' } }).get('stripe')
    expect(found?.config).to.include({ webhooks: true, returnUrl: 'http://127.0.0.1:7400/confirmed' })
    expect(found?.secrets).to.include({ webhookSecret })
    expect(parsed(places).get('stripe')?.config).to.include({ webhooks: false })
  })
})
