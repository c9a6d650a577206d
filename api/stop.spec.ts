import { languageTags } from '@heliox/core/kit'
import { fill } from '@heliox/core/messages'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { newToken, tokenHash } from './kit/token.ts'
import { fakeUnsubscribe } from './testing/fake-unsubscribe.ts'
import { lakeside, makeWorld, type World } from './testing/fakes.ts'

describe('the address that stops mails', () => {
  let world: World
  let app: FastifyInstance
  let store: ReturnType<typeof fakeUnsubscribe>
  let token: string
  beforeEach(async () => {
    world = makeWorld()
    store = fakeUnsubscribe()
    app = await buildApp({ ...world.deps, unsubscribe: store })
    token = newToken()
    store.kept.set(tokenHash(token), { tenantId: lakeside, region: 'us-east', state: { is: 'on', clinic: 'Lakeside', language: 'de' } })
  })
  afterEach(() => app.close())
  const state = () => store.kept.get(tokenHash(token))?.state.is
  const get = (query = '', of = token) => app.inject({ url: `/stop/${of}${query}` })
  const post = (payload: string, type = 'application/x-www-form-urlencoded', of = token) =>
    app.inject({ method: 'POST', url: `/stop/${of}`, headers: { 'content-type': type }, payload })

  it('changes nothing by being looked at: scanners open every link of a mail', async () => {
    for (let look = 0; look < 3; look += 1) expect((await get()).statusCode).to.equal(200)
    expect((await app.inject({ method: 'HEAD', url: `/stop/${token}` })).statusCode).to.equal(404)
    expect(state()).to.equal('on')
  })

  it('stops with one click of the mail program, in either form of its post, without a cookie and without being sent elsewhere', async () => {
    const answer = await post('List-Unsubscribe=One-Click')
    expect([answer.statusCode, state()]).to.deep.equal([200, 'stopped'])
    expect(answer.headers).to.not.have.property('location')
    expect(answer.headers).to.not.have.property('set-cookie')
    expect((await post('List-Unsubscribe=One-Click')).statusCode).to.equal(200)
    await post('wish=start')
    expect(state()).to.equal('on')
    const parts = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    expect((await post(parts, 'multipart/form-data; boundary=b')).statusCode).to.equal(200)
    expect(state()).to.equal('stopped')
  })

  it('stops and takes back with the buttons of its page, in the language of the mail or any other', async () => {
    for (const language of languageTags) {
      const values = { clinic: 'Lakeside', phone: '' }
      const asked = await get(`?lang=${language}`)
      expect(asked.body)
        .to.contain(`<html lang="${language}">`)
        .and.contain(fill('stop.do', language, values))
        .and.contain('method="post"')
      await post('wish=stop')
      expect((await get(`?lang=${language}`)).body).to.contain(fill('stop.undo', language, values))
      await post('wish=start')
    }
    expect((await get()).body).to.contain('<html lang="de">')
  })

  it('says whom to call where somebody else ended them, and offers no button', async () => {
    store.kept.set(tokenHash(token), { tenantId: lakeside, region: 'us-east', state: { is: 'ended', clinic: 'Lakeside', language: 'en' } })
    expect((await post('wish=start')).body)
      .to.contain('call Lakeside at')
      .and.not.contain('<form')
  })

  it('names the clinic as the mail did, and loads and tells nothing of a patient', async () => {
    const { body, headers } = await get('?lang=en')
    expect(body).to.contain('Mails from Lakeside')
    expect(body).not.to.match(/<img|<script|visit on|style=/)
    expect(headers['content-security-policy']).to.contain("default-src 'none'")
    expect(headers['cache-control']).to.equal('no-store')
    expect(headers['referrer-policy']).to.equal('no-referrer')
  })

  it('refuses what is no click, what is too long, and addresses that nobody sent, of this region or another', async () => {
    for (const [payload, type] of [
      ['', undefined],
      ['wish=other', undefined],
      ['List-Unsubscribe=Two-Clicks', undefined],
      ['--b\r\n\r\nOne-Click\r\n', 'multipart/form-data; boundary=b'],
    ] as const)
      expect((await post(payload, type)).statusCode, payload).to.equal(400)
    expect((await post('{"wish":"stop"}', 'application/json')).statusCode).to.equal(415)
    expect((await post(`wish=stop&x=${'x'.repeat(3_000)}`)).statusCode).to.equal(413)
    for (const other of [newToken(), 'short', `${token}x`]) expect((await post('wish=stop', undefined, other)).statusCode, other).to.equal(404)
    store.kept.set(tokenHash(token), { tenantId: lakeside, region: 'eu-west', state: { is: 'on', clinic: 'Lakeside', language: 'de' } })
    expect((await get()).statusCode).to.equal(421)
    expect(state()).to.equal('on')
  })

  it('is asked so often and no more, and stands in no line of the log', async () => {
    const codes: number[] = []
    for (let call = 0; call < 32; call += 1) codes.push((await get()).statusCode)
    expect(codes.filter((code) => code === 200)).to.have.length(30)
    expect(codes.slice(30)).to.deep.equal([429, 429])
    expect(world.logLines.join('\n')).to.contain('/stop/:token').and.not.contain(token)
  })
})
