import { randomUUID } from 'node:crypto'
import { stripe } from '@heliox/adapters/stripe/adapter'
import { demo } from '@heliox/db/seed/demo'
import { expect } from 'chai'
import type { LightMyRequestResponse } from 'fastify'
import Stripe from 'stripe'
import { type HookDoor, now, openHookDoor } from './testing/hook-door.ts'

const [secret, secretBefore] = ['whsec_this_is_the_new_one_0001', 'whsec_this_was_the_old_one_0001']

/** Signed by the partner's own library, over bytes that never leave a buffer on the way. */
describe('the door for webhooks', function () {
  this.timeout(60_000)
  let door: HookDoor
  let path: string
  const body = (): string => JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', note: 'Ana Moreno' })
  const signed = (payload: string, by = secret, ageSeconds = 0): string =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret: by, timestamp: Math.floor(now.getTime() / 1000) - ageSeconds })
  const call = (payload: string | Buffer, signature: string | undefined, url = path): Promise<LightMyRequestResponse> =>
    door.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json; charset=utf-8', ...(signature ? { 'stripe-signature': signature } : {}) },
    })

  before(async () => {
    const config = { apiBase: 'http://127.0.0.1:9', publishableKey: 'pk_test_0123', scriptUrl: 'http://127.0.0.1:9/v3/', webhooks: true }
    const secrets = { secretKey: 'sk_test_0123456789', webhookSecret: secret, webhookSecretBefore: secretBefore }
    door = await openHookDoor(stripe, config, secrets)
    path = door.path
  })
  after(() => door?.close())

  it('keeps a genuine call, sealed, before it says so; the same again is the same', async () => {
    const before = await door.kept()
    const payload = body()
    expect((await call(payload, signed(payload))).statusCode).to.equal(200)
    expect((await call(payload, signed(payload, secret, 20))).statusCode, 'sent again, signed anew').to.equal(200)
    expect(await door.kept()).to.equal(before + 1)
    const rows = await door.rows(`SELECT f::text AS f, d.sealed FROM messaging.received_files f JOIN identity.phi_documents d ON d.kind = 'received-file'`)
    expect(JSON.stringify(rows)).to.not.include('Moreno')
  })

  it('takes many at once, each once', async () => {
    const before = await door.kept()
    const payload = body()
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(payload, signed(payload))))
    expect(new Set(answers.map((answer) => answer.statusCode))).to.deep.equal(new Set([200]))
    expect(await door.kept()).to.equal(before + 1)
  })

  it('takes the secret before as long as it is there', async () => {
    const payload = body()
    expect((await call(payload, signed(payload, secretBefore))).statusCode).to.equal(200)
  })

  const written = (payload: string): string => `${payload.slice(0, -1)} }`
  const refused: [string, () => [string | Buffer, string | undefined], number, string][] = [
    ['without a signature', () => [body(), undefined], 400, 'call-not-genuine'],
    [
      'signed by somebody else',
      () => {
        const payload = body()
        return [payload, signed(payload, 'whsec_of_somebody_else_00001')]
      },
      400,
      'call-not-genuine',
    ],
    [
      'whose bytes were written anew',
      () => {
        const payload = body()
        return [written(payload), signed(payload)]
      },
      400,
      'call-not-genuine',
    ],
    [
      'that was signed six minutes ago',
      () => {
        const payload = body()
        return [payload, signed(payload, secret, 360)]
      },
      410,
      'call-too-old',
    ],
    [
      'that is too large',
      () => {
        const payload = `"${'x'.repeat(300_000)}"`
        return [payload, signed(payload)]
      },
      413,
      'too-large',
    ],
  ]
  for (const [what, make, status, code] of refused) {
    it(`refuses a call ${what}, and keeps nothing`, async () => {
      const before = await door.kept()
      const [payload, signature] = make()
      const answer = await call(payload, signature)
      expect([answer.statusCode, answer.json().error.code]).to.deep.equal([status, code])
      expect(await door.kept()).to.equal(before)
    })
  }

  it('knows no other address, and no other partner', async () => {
    const payload = body()
    for (const url of [
      `/hooks/stripe/${'x'.repeat(32)}`,
      '/hooks/stripe/short',
      path.replace('stripe/', 'clearinghouse/'),
      `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`,
    ]) {
      expect((await call(payload, signed(payload), url)).statusCode, url).to.equal(404)
    }
  })

  it('refuses the address of a clinic of another region', async () => {
    const payload = body()
    expect((await call(payload, signed(payload), door.pathElsewhere)).statusCode).to.equal(421)
  })

  it('says nothing in its log of what was sent, by which address, or how it was signed', () => {
    const text = door.logLines.join('\n')
    expect(text).to.include('a partner called').and.include('/hooks/:adapterId/:hookKey')
    expect(text)
      .to.not.match(/Moreno|whsec|v1=|evt_/)
      .and.not.include(path)
  })

  it('keeps its address when the secrets change, and none of the old ones opens it then', async () => {
    const stores = door.stores()
    const [row] = await stores.connectionAdmin.list(demo.lakeside.id)
    await stores.connectionAdmin.save(demo.lakeside.id, 'stripe', row?.config, { secretKey: 'sk_test_0123456789', webhookSecret: secret }, 'user:admin', now)
    expect((await stores.connectionAdmin.list(demo.lakeside.id))[0]?.hookKey).to.equal(row?.hookKey)
    const payload = body()
    expect((await call(payload, signed(payload, secretBefore))).statusCode).to.equal(400)
    expect((await call(payload, signed(payload))).statusCode).to.equal(200)
  })

  it('opens of the secrets only what proves a call', async () => {
    const opened = await door.stores().hooks.open(demo.lakeside.id, 'stripe')
    expect(opened?.secrets).to.deep.equal({ webhookSecret: secret })
    const client = await door.pool.connect()
    try {
      const read = await client.query('SELECT secrets_sealed FROM identity.connections').catch((error: Error) => error.message)
      expect(read).to.match(/permission denied/)
    } finally {
      client.release()
    }
  })

  it('tells the audit who opened what proves a call, once in a quarter of an hour, however often anybody calls', async () => {
    let at = now
    const { hooks } = door.stores('api-audited', { now: () => at })
    const audits = async () =>
      (
        await door.rows<{ resource: string }>(
          `SELECT resource FROM compliance.audit_logs WHERE action = 'connection.open-hook' AND actor = 'service:api-audited'`,
        )
      ).map(({ resource }) => resource)
    for (let i = 0; i < 20; i += 1) await hooks.open(demo.lakeside.id, 'stripe')
    expect(await hooks.open(demo.lakeside.id, 'nobody')).to.equal(undefined)
    expect(await audits()).to.deep.equal(['connection:stripe'])
    at = new Date(at.getTime() + 15 * 60_000)
    await hooks.open(demo.lakeside.id, 'stripe')
    expect(await audits()).to.deep.equal(['connection:stripe', 'connection:stripe'])
  })

  it('has an address before it has a secret, keeps it when the secret is there, and takes nothing until then', async () => {
    const stores = door.stores()
    const config = { apiBase: 'http://127.0.0.1:9', publishableKey: 'pk_test_0123', scriptUrl: 'http://127.0.0.1:9/v3/', webhooks: true }
    const saved = async (secrets: object | undefined, isCalled: boolean): Promise<string | null | undefined> => {
      await stores.connectionAdmin.save(demo.lakeside.id, 'stripe', config, secrets, 'user:admin', now, { isCalled })
      return (await stores.connectionAdmin.list(demo.lakeside.id)).find(({ adapterId }) => adapterId === 'stripe')?.hookKey
    }
    await door.rows(`DELETE FROM identity.connections WHERE tenant_id = '${demo.lakeside.id}' AND adapter_id = 'stripe'`)
    expect(await saved({ secretKey: 'sk_test_0123456789' }, false), 'a partner that does not call').to.equal(null)
    const hookKey = await saved(undefined, true)
    expect(hookKey).to.match(/^[A-Za-z0-9_-]{32}$/)
    const payload = body()
    const url = `/hooks/stripe/${hookKey}`
    expect((await call(payload, signed(payload), url)).statusCode, 'nothing proves it').to.equal(404)
    expect(await saved({ secretKey: 'sk_test_0123456789', webhookSecret: secret }, true)).to.equal(hookKey)
    expect((await call(payload, signed(payload), url)).statusCode).to.equal(200)
  })
})
