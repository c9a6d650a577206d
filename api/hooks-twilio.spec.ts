import { randomUUID } from 'node:crypto'
import { twilio } from '@heliox/adapters/twilio/adapter'
import { expect } from 'chai'
import type { LightMyRequestResponse } from 'fastify'
import sdk from 'twilio'
import { type HookDoor, openHookDoor } from './testing/hook-door.ts'

const [token, tokenBefore, strangers] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string]
const accountSid = `AC${'1'.repeat(32)}`

/** Signed by the partner's own library over the hub's public name, and called by whatever name the proxy before the hub has. */
describe('the door for Twilio', function () {
  this.timeout(60_000)
  let door: HookDoor
  let path: string
  const receipt = () => ({ AccountSid: accountSid, MessageSid: `SM${randomUUID().replaceAll('-', '')}`, MessageStatus: 'delivered', To: '+13125550177' })
  const signed = (at: string, pairs: Record<string, string>, by = token) => sdk.getExpectedTwilioSignature(by, `${door.publicUrl}${at}`, pairs)
  const call = (at: string, pairs: Record<string, string>, signature: string | undefined): Promise<LightMyRequestResponse> =>
    door.app.inject({
      method: 'POST',
      url: at,
      payload: new URLSearchParams(pairs).toString(),
      headers: {
        host: '10.0.0.7:7400',
        'x-forwarded-proto': 'http',
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        ...(signature !== undefined && { 'x-twilio-signature': signature }),
      },
    })

  before(async () => {
    const config = { apiBase: 'http://127.0.0.1:9', accountSid, apiKeySid: `SK${'1'.repeat(32)}`, sender: '+13125550142', webhooks: true }
    const secrets = { apiKeySecret: 'secret-of-the-key', webhookToken: token, webhookTokenBefore: tokenBefore }
    door = await openHookDoor(twilio, config, secrets)
    path = door.path
  })
  after(() => door?.close())

  it('keeps a genuine call with the query that it was called with, and answers with no text of ours', async () => {
    const before = await door.kept()
    const [at, pairs] = [`${path}?m=${randomUUID()}`, receipt()]
    const answer = await call(at, pairs, signed(at, pairs))
    expect(answer.statusCode).to.equal(200)
    expect(answer.headers['content-type']).to.equal('text/xml; charset=utf-8')
    expect(answer.body).to.equal('<?xml version="1.0" encoding="UTF-8"?><Response/>')
    expect((await call(at, pairs, signed(at, pairs))).statusCode, 'the same again').to.equal(200)
    expect(await door.kept(), 'known by its bytes').to.equal(before + 1)
    const other = `${path}?m=${randomUUID()}`
    expect((await call(other, pairs, signed(other, pairs))).statusCode).to.equal(200)
    expect(await door.kept(), 'of another message').to.equal(before + 2)
  })

  it('takes the token before as long as it is there', async () => {
    const pairs = receipt()
    expect((await call(path, pairs, signed(path, pairs, tokenBefore))).statusCode).to.equal(200)
  })

  const pairs = receipt()
  for (const [why, at, said, signature] of [
    ['without a signature', () => path, pairs, () => undefined],
    ['signed by somebody else', () => path, pairs, () => signed(path, pairs, strangers)],
    ['that was tampered with', () => path, { ...pairs, MessageStatus: 'failed' }, () => signed(path, pairs)],
    ['whose query was changed', () => `${path}?m=1`, pairs, () => signed(path, pairs)],
    ['signed for the address of a proxy', () => path, pairs, () => sdk.getExpectedTwilioSignature(token, `http://10.0.0.7:7400${path}`, pairs)],
    ['signed for another clinic’s address', () => path, pairs, () => signed(door.pathElsewhere, pairs)],
  ] as const)
    it(`refuses a call ${why}, and keeps nothing`, async () => {
      const before = await door.kept()
      const answer = await call(at(), said, signature())
      expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).to.deep.equal([400, 'call-not-genuine'])
      expect(await door.kept()).to.equal(before)
    })

  it('writes neither number nor text nor signature into a log, and nothing open into the database', async () => {
    const said = { AccountSid: accountSid, MessageSid: `SM${'f'.repeat(32)}`, SmsStatus: 'received', From: '+13125550199', Body: 'Stop, says Moreno' }
    const signature = signed(path, said)
    expect((await call(path, said, signature)).statusCode).to.equal(200)
    expect(door.logLines.join('\n'))
      .to.not.match(/5550199|Moreno|5550177/)
      .and.to.not.include(signature)
    const all = await door.rows(`SELECT f::text AS f, encode(d.sealed, 'escape') AS sealed FROM messaging.received_files f, identity.phi_documents d`)
    expect(JSON.stringify(all)).to.not.match(/5550199|Moreno/)
  })
})
