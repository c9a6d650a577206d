import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ValueOf, WebhookCall } from '@heliox/core/kit'
import { addressText, MessageItem } from '@heliox/core/messaging'
import { expect } from 'chai'
import sdk from 'twilio'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks } from '../../testing.ts'
import { twilio } from '../adapter.ts'
import type { TwilioSecrets } from '../config.ts'
import { accountSid, authToken, clinicNumber, connection, contextOf, startTwilio, text } from '../testing/account.ts'

type Item = ValueOf<typeof MessageItem>
const { sendMessage } = twilio.operations
const { events: receiver } = twilio.receive
const [older, newer] = ['0'.repeat(31).concat('a'), '0'.repeat(31).concat('b')]

/** The clinic's door. What it is called at stands behind a proxy: the name that Twilio knows is another one. */
class Door {
  readonly calls: WebhookCall[] = []
  status = 200
  address = ''
  #server: Server | undefined
  async open(): Promise<string> {
    this.#server = createServer((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        this.calls.push({ url: `${this.address}${req.url}`, headers: req.headers as Record<string, string>, body: Buffer.concat(chunks) })
        res.writeHead(this.status).end()
      })
    }).listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return `${this.address}/hooks/twilio/key`
  }
  close(): void {
    this.#server?.closeAllConnections()
    this.#server?.close()
  }
  async has(count: number): Promise<WebhookCall[]> {
    const deadline = Date.now() + 10_000
    while (this.calls.length < count) {
      if (Date.now() > deadline) throw new Error(`${this.calls.length} calls came, not ${count}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return this.calls
  }
}

const verdict = (call: WebhookCall, secrets: Partial<TwilioSecrets> = { webhookToken: authToken }) => receiver.webhook?.verify(call, secrets, new Date(0))
async function readBytes(bytes: Buffer): Promise<Item[]> {
  const items: Item[] = []
  const chunks = async function* () {
    yield bytes
  }
  const { config } = connection({ url: 'http://127.0.0.1:9' })
  for await (const item of receiver.read(chunks(), config, memoryLocks())) items.push(MessageItem.schema.parse(item))
  return items
}
const read = async (call: WebhookCall): Promise<Item> => {
  const [item, ...more] = await readBytes(receiver.webhook?.keeps?.(call) ?? call.body)
  expect(more).to.deep.equal([])
  return item as Item
}

describe('Calls of Twilio', () => {
  let sim: Simulator
  let door: Door
  let hookUrl: string
  before(async () => {
    sim = await startTwilio()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    await sim.reset()
    await sim.control('PUT', '/_sim/token', { token: authToken })
    door = new Door()
    hookUrl = await door.open()
    await sim.control('PUT', '/_sim/numbers', { [clinicNumber]: hookUrl })
  })
  afterEach(() => door.close())
  const send = (message = text()) => sendMessage.call(message, contextOf(sim, { hookUrl, config: { webhooks: true } }))
  const reply = (body: string, from = '+13125550177') => sim.control('POST', '/_sim/reply', { from, to: clinicNumber, body })

  describe('are taken', () => {
    it('when they are signed with our token over this address and these pairs, and not otherwise', async () => {
      await reply('Grüße & Dank + 100 %; "ok"')
      const [call] = (await door.has(1)) as [WebhookCall]
      expect(verdict(call)).to.equal('genuine')
      const changed = (form: (pairs: URLSearchParams) => void): Buffer => {
        const pairs = new URLSearchParams(call.body.toString('utf8'))
        form(pairs)
        return Buffer.from(pairs.toString())
      }
      for (const [why, other] of [
        ['no signature', { ...call, headers: {} }],
        ['an empty signature', { ...call, headers: { 'x-twilio-signature': '' } }],
        ['another clinic’s address', { ...call, url: call.url.replace('/key', '/another-key') }],
        ['another host', { ...call, url: call.url.replace('127.0.0.1', 'hub.example') }],
        ['https for http', { ...call, url: call.url.replace('http:', 'https:') }],
        ['a query more', { ...call, url: `${call.url}?m=1` }],
        ['another text', { ...call, body: changed((pairs) => pairs.set('Body', 'STOP')) }],
        ['another number', { ...call, body: changed((pairs) => pairs.set('From', '+13125550199')) }],
        ['a pair more', { ...call, body: changed((pairs) => pairs.append('OptOutType', 'START')) }],
        ['a pair twice', { ...call, body: changed((pairs) => pairs.append('From', '+13125550199')) }],
        ['a pair less', { ...call, body: changed((pairs) => pairs.delete('NumMedia')) }],
        ['no UTF-8', { ...call, body: Buffer.concat([call.body, Buffer.from([0xff])]) }],
        ['nothing', { ...call, body: Buffer.alloc(0) }],
      ] as const)
        expect(verdict(other), why).to.equal('not-genuine')
      expect(verdict(call, { webhookToken: newer }), 'another token').to.equal('not-genuine')
      expect(verdict(call, {}), 'no token').to.equal('not-genuine')
    })

    it('by the public address, not by the one that a proxy used', async () => {
      const url = 'https://hub.example/hooks/twilio/key?m=0d9b0f0e-7a53-4f26-9d5e-3a6f1f2b7c11'
      const pairs = { MessageSid: `SM${'a'.repeat(32)}`, MessageStatus: 'delivered', AccountSid: accountSid }
      const body = Buffer.from(new URLSearchParams(pairs).toString())
      const call = { url, headers: { 'x-twilio-signature': sdk.getExpectedTwilioSignature(authToken, url, pairs) }, body }
      expect(verdict(call)).to.equal('genuine')
      expect(verdict({ ...call, url: url.replace('https://hub.example', 'http://10.0.0.7:7400') })).to.equal('not-genuine')
      expect(verdict({ ...call, url: url.replace('0d9b', '1d9b') }), 'another message’s id').to.equal('not-genuine')
    })

    it('with either token while it is being rotated, and the old one no longer after that', async () => {
      await sim.control('PUT', '/_sim/token', { token: older })
      await reply('HELP')
      const [call] = (await door.has(1)) as [WebhookCall]
      expect(verdict(call, { webhookToken: newer, webhookTokenBefore: older })).to.equal('genuine')
      expect(verdict(call, { webhookToken: older })).to.equal('genuine')
      expect(verdict(call, { webhookToken: newer })).to.equal('not-genuine')
      await sim.control('PUT', '/_sim/token', { token: newer })
      await reply('HELP')
      const [, after] = (await door.has(2)) as [WebhookCall, WebhookCall]
      expect(verdict(after, { webhookToken: newer, webhookTokenBefore: older })).to.equal('genuine')
    })

    it('not from the simulator either when it signs with another token', async () => {
      await sim.control('PUT', '/_sim/calls', { wrongToken: true })
      await reply('STOP')
      expect(verdict((await door.has(1))[0] as WebhookCall)).to.equal('not-genuine')
    })
  })

  describe('tell', () => {
    it('what became of a text, by our id and Twilio’s', async () => {
      const message = text()
      const answer = await send(message)
      const items = await Promise.all((await door.has(3)).map(read))
      const providerId = answer.is === 'ok' ? answer.value.providerId : ''
      expect(items).to.deep.equal(
        ['queued', 'sent', 'delivered'].map((status) => ({ is: 'status', providerId, messageId: message.messageId, status, reason: null, code: null })),
      )
    })

    for (const [to, code, reason] of [
      ['+15005553003', '30003', 'number-unreachable'],
      ['+15005553005', '30005', 'number-invalid'],
      ['+15005553006', '30006', 'not-a-mobile'],
      ['+15005553007', '30007', 'content-refused'],
      ['+15005553008', '30008', null],
      ['+15005553034', '30034', 'sender-refused'],
    ] as const)
      it(`that one did not arrive with ${code}: ${reason ?? 'nobody knows why'}`, async () => {
        await send(text({ to }))
        expect(await read((await door.has(3))[2] as WebhookCall)).to.deep.include({ is: 'status', status: 'undelivered', reason, code })
      })

    it('receipts in any order and twice, each time the same', async () => {
      await sim.control('PUT', '/_sim/calls', { duplicates: 1, order: 'reversed', delayMs: 200 })
      await send()
      const calls = await door.has(6)
      const items = await Promise.all(calls.map(read))
      expect(items.map((item) => item.is === 'status' && item.status)).to.deep.equal(['delivered', 'delivered', 'sent', 'sent', 'queued', 'queued'])
      const kept = calls.map((call) => receiver.webhook?.keeps?.(call).toString('hex'))
      expect(new Set(kept).size, 'one that comes twice has the same bytes').to.equal(3)
    })

    for (const [body, word] of [
      ['STOP', 'stop'],
      [' stop. ', 'stop'],
      ['Stop texting me!', 'stop'],
      ['unsubscribe', 'stop'],
      ['CANCEL', 'stop'],
      ['Arrêt', 'stop'],
      ['Stopp', 'stop'],
      ['¡Alto!', 'stop'],
      ['start', 'start'],
      ['UNSTOP', 'start'],
      ['Yes', 'other'],
      ['start at 9?', 'other'],
      ['Help', 'help'],
      ['Hilfe', 'help'],
      ['Can I not stop by earlier?', 'other'],
      ['\u{1f44d}', 'other'],
    ] as const)
      it(`"${body}" as ${word}, and neither the words nor the number`, async () => {
        await reply(body)
        const item = await read((await door.has(1))[0] as WebhookCall)
        expect(item).to.deep.include({ is: 'inbound', word })
        expect(JSON.stringify(item)).to.not.match(/5550177|texting|earlier/)
      })

    it('who it was by the same hash by which an opt-out is known', async () => {
      await reply('STOP')
      const item = await read((await door.has(1))[0] as WebhookCall)
      const fromKey = await memoryLocks().keyOf(JSON.parse(addressText('sms', '+13125550177')) as string[])
      expect(item).to.deep.include({ fromKey })
    })

    it('what Twilio itself read a wish as, where the clinic has words of its own there', async () => {
      const form = (word: string) =>
        Buffer.from(
          `\n${new URLSearchParams({ AccountSid: accountSid, MessageSid: `SM${'b'.repeat(32)}`, SmsStatus: 'received', From: '+13125550177', Body: 'basta', OptOutType: word })}`,
        )
      for (const [said, word] of [
        ['STOP', 'stop'],
        ['START', 'start'],
        ['HELP', 'help'],
        ['', 'other'],
      ] as const)
        expect((await readBytes(form(said)))[0]).to.deep.include({ word })
    })

    it('what cannot be read, as that', async () => {
      const of = (fields: Record<string, string>) => Buffer.from(`\n${new URLSearchParams({ AccountSid: accountSid, ...fields })}`)
      expect(await readBytes(Buffer.from('no line'))).to.deep.equal([{ is: 'unreadable', code: 'not-a-call' }])
      expect(await readBytes(of({ MessageStatus: 'sent' }))).to.deep.equal([{ is: 'unreadable', code: 'not-a-message' }])
      expect(await readBytes(of({ MessageSid: `SM${'c'.repeat(32)}`, SmsStatus: 'received', From: 'a name' }))).to.deep.equal([
        { is: 'unreadable', code: 'no-number' },
      ])
      expect(await readBytes(of({ MessageSid: `SM${'c'.repeat(32)}`, MessageStatus: 'dreaming' }))).to.deep.equal([{ is: 'other' }])
      expect(await readBytes(of({ AccountSid: `AC${'8'.repeat(32)}`, MessageSid: `SM${'c'.repeat(32)}`, MessageStatus: 'sent' }))).to.deep.equal([
        { is: 'other' },
      ])
      expect(await readBytes(Buffer.alloc(70_000, 97))).to.deep.equal([{ is: 'unreadable', code: 'too-large' }])
    })
  })

  it('go on after a kill, and nothing is sent by it', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs')
    const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/sim-twilio-`)
    const env = { SIM_JOURNAL: `${folder}/twilio.journal`, SIM_STEP_MS: '300' }
    let other = await startTwilio(env)
    try {
      const message = text()
      await sendMessage.call(message, contextOf(other, { hookUrl, config: { webhooks: true } }))
      await door.has(1)
      await other.kill()
      other = await startTwilio(env)
      // One that was on its way when it was killed comes twice.
      const told = async () => new Set((await Promise.all(door.calls.map(read))).map((item) => item.is === 'status' && item.status))
      for (let n = 3; !(await told()).has('delivered'); n += 1) await door.has(n)
      expect(await told()).to.deep.equal(new Set(['queued', 'sent', 'delivered']))
      expect(await other.effects()).to.deep.equal({ sendMessage: { count: 1, byKey: { [message.messageId]: 1 } } })
    } finally {
      await other.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
