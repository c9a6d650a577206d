import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import type { Simulator } from '../contract-suite.ts'
import { mail } from './adapter.ts'
import type { MailConfig } from './config.ts'
import { ownCertificate } from './testing/certificate.ts'
import { contextOf, letter, password, startMail } from './testing/server.ts'

const { sendMail } = mail.operations

/** Against servers with a certificate of their own, over real TLS. */
describe('mail and encryption', () => {
  const { cert, key } = ownCertificate()
  const stranger = ownCertificate()
  const elsewhere = ownCertificate({ dns: 'mail.elsewhere.example', ip: '10.9.8.7' })
  const servers: Simulator[] = []
  const start = async (env: Record<string, string>) => {
    const sim = await startMail(env)
    servers.push(sim)
    return sim
  }
  let offers: Simulator
  let plain: Simulator
  before(async () => {
    offers = await start({ SIM_TLS_CERT: cert, SIM_TLS_KEY: key })
    plain = await start({})
  })
  after(() => Promise.all(servers.map((sim) => sim.stop())))
  beforeEach(() => Promise.all(servers.map((sim) => sim.reset())))

  const send = (sim: Simulator, config: Partial<MailConfig>, production = true) => sendMail.call(letter(), contextOf(sim, { config, production }))
  const faultOf = async (work: Promise<unknown>): Promise<PartnerFault> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.be.instanceOf(PartnerFault)
    return error as PartnerFault
  }
  const arrived = async (sim: Simulator) => (await sim.effects()).sendMail?.count
  const heard = async (sim: Simulator) => ((await sim.control('GET', '/_sim/heard')) as { heard: string[] }).heard.join('')

  it('is demanded after the greeting, and nothing is said in the open before', async () => {
    expect((await send(offers, { security: 'starttls', caCertificate: cert })).is).to.equal('ok')
    expect(await arrived(offers)).to.equal(1)
    expect(await heard(offers)).to.equal('EHLO hub\r\nSTARTTLS\r\n')
  })

  it('is demanded of a server that offers none: nothing is sent, not even the password', async () => {
    const fault = await faultOf(send(plain, { security: 'starttls' }))
    expect(fault).to.include({ kind: 'credentials', message: 'The mail server offers no encryption.', beforeEffect: true })
    expect(await heard(plain)).to.not.match(/AUTH|MAIL/)
    expect(await arrived(plain)).to.equal(0)
  })

  for (const [why, config] of [
    ['no authority that anybody knows', {}],
    ['another authority than the one in the settings', { caCertificate: stranger.cert }],
  ] as const)
    it(`is nothing with a certificate of ${why}`, async () => {
      const fault = await faultOf(send(offers, { security: 'starttls', ...config }))
      expect(fault).to.include({ kind: 'credentials', message: 'The mail server’s certificate is not to be trusted.', beforeEffect: true })
      expect(await heard(offers)).to.not.match(/AUTH|MAIL/)
      expect(await arrived(offers)).to.equal(0)
    })

  it('is nothing with a certificate for another name', async () => {
    const other = await start({ SIM_TLS_CERT: elsewhere.cert, SIM_TLS_KEY: elsewhere.key })
    expect(await faultOf(send(other, { security: 'starttls', caCertificate: elsewhere.cert }))).to.include({ kind: 'credentials' })
    expect(await arrived(other)).to.equal(0)
  })

  it('takes only a certificate for one, with its lines', () => {
    const at = (caCertificate: string) => mail.config.safeParse({ host: 'a', user: 'u', fromAddress: 'a@b.example', fromName: 'C', caCertificate }).success
    expect([at(cert), at(`\n${cert}\n`), at(cert.replaceAll('\n', '')), at(cert.slice(0, 200)), at(key), at('-----BEGIN')]).to.deep.equal([
      ...[true, true, false, false, false, false],
    ])
  })

  it('is there from the first byte where the clinic says so', async () => {
    const fromStart = await start({ SIM_TLS_CERT: cert, SIM_TLS_KEY: key, SIM_TLS_FROM_START: '1' })
    expect((await send(fromStart, { security: 'tls', caCertificate: cert })).is).to.equal('ok')
    expect(await faultOf(send(fromStart, { security: 'tls' })), 'unknown authority').to.include({ kind: 'credentials' })
    expect(await heard(fromStart)).to.equal('')
  })

  it('is left out on this machine in development only', async () => {
    expect((await send(plain, { security: 'none' }, false)).is).to.equal('ok')
    const fault = await faultOf(send(plain, { security: 'none' }, true))
    expect(fault).to.include({ kind: 'credentials', beforeEffect: true })
    expect(await faultOf(send(plain, { security: 'none', host: '127.0.0.2' }, false)), 'another machine').to.include({ kind: 'credentials' })
    expect(await arrived(plain)).to.equal(1)
  })

  it('is tried by the health check, which sends nothing', async () => {
    const health = (config: Partial<MailConfig>, secret = password) =>
      mail.health(contextOf(offers, { config, secrets: { password: secret }, production: true }) as never)
    expect(await health({ security: 'starttls', caCertificate: cert })).to.include({ ok: true })
    expect(await health({ security: 'starttls' })).to.deep.equal({ ok: false, text: 'The mail server’s certificate is not to be trusted.' })
    expect(await health({ security: 'starttls', caCertificate: cert }, 'wrong')).to.include({ ok: false })
    expect(await arrived(offers)).to.equal(0)
  })
})
