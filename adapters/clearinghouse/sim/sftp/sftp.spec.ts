import { expect } from 'chai'
import ssh2 from 'ssh2'
import { ask270 } from '../testing/ask.ts'
import { quietClient, type SimChild, startChild, token } from '../testing/child.ts'

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => error.message,
  )
const { private: clientKey, public: clientKeyLine } = ssh2.utils.generateKeyPairSync('ed25519')

describe('The SFTP server', () => {
  let sim: SimChild
  before(async () => {
    sim = await startChild({ SIM_SFTP_KEYS: `${clientKeyLine}\n` })
  })
  beforeEach(() => sim.tell('/_sim/reset'))
  after(() => sim.stop())
  const connect = async (options: ssh2.ConnectConfig) => {
    const client = quietClient()
    const failed = await messageOf(client.connect({ host: sim.sftp.host, port: sim.sftp.port, username: 'hub', readyTimeout: 3_000, ...options }))
    await client.end().catch(() => undefined)
    return failed
  }

  it('lets in by password and by a known key, and nobody else', async () => {
    const stranger = ssh2.utils.generateKeyPairSync('ed25519').private
    expect(await connect({ password: token })).to.equal('no error')
    expect(await connect({ privateKey: clientKey })).to.equal('no error')
    expect(await connect({ password: 'wrong' })).to.include('authentication')
    expect(await connect({ privateKey: stranger })).to.include('authentication')
    expect(await connect({ password: token, username: 'root' })).to.include('authentication')
  })
  it('is known by the host key that it prints; another one can be had, and the first one again', async () => {
    const seen = async () => {
      let sha256 = ''
      const hostVerifier = (hash: string): boolean => {
        sha256 = Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '')
        return true
      }
      await connect({ password: token, hostHash: 'sha256', hostVerifier })
      return sha256
    }
    expect(await seen()).to.equal(sim.sftp.hostKeySha256)
    const other = (await sim.tell('/_sim/sftp/host-key')) as { hostKeySha256: string }
    expect(other.hostKeySha256).not.to.equal(sim.sftp.hostKeySha256)
    expect(await seen()).to.equal(other.hostKeySha256)
    expect(await sim.tell('/_sim/sftp/host-key', { first: true })).to.deep.equal({ hostKeySha256: sim.sftp.hostKeySha256 })
  })
  it('lists, stats, reads back, renames and removes what was put', async () => {
    const client = await sim.open()
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251))
    await client.put(bytes, '/from-clearinghouse/a.part')
    expect((await client.stat('/from-clearinghouse/a.part')).size).to.equal(300_000)
    await client.rename('/from-clearinghouse/a.part', '/from-clearinghouse/b.x12')
    expect((await client.list('/from-clearinghouse')).map(({ name, size, modifyTime }) => [name, size, modifyTime])).to.deep.equal([
      ['b.x12', 300_000, Date.parse('2026-11-23T15:00:00Z')],
    ])
    expect(bytes.equals((await client.get('/from-clearinghouse/b.x12')) as Buffer)).to.equal(true)
    await client.delete('/from-clearinghouse/b.x12')
    expect(await client.exists('/from-clearinghouse/b.x12')).to.equal(false)
    expect((await client.list('/')).map(({ name }) => name)).to.deep.equal(['to-clearinghouse', 'from-clearinghouse'])
  })
  it('refuses to rename onto a name that is there', async () => {
    const client = await sim.open()
    await client.put(Buffer.from('1'), '/from-clearinghouse/a')
    await client.put(Buffer.from('2'), '/from-clearinghouse/b')
    expect(await messageOf(client.rename('/from-clearinghouse/a', '/from-clearinghouse/b'))).to.include('Failure')
    expect(`${await client.get('/from-clearinghouse/b')}`).to.equal('2')
  })
  it('lists ten thousand files', async function () {
    // Putting them there is ten thousand requests: half a minute on a machine that is busy with other specs.
    this.timeout(120_000)
    const client = await sim.open()
    for (let n = 0; n < 10_000; n += 500) await Promise.all(Array.from({ length: 500 }, (_, i) => put(sim, `f${n + i}`)))
    expect((await client.list('/from-clearinghouse')).length).to.equal(10_000)
  })
  it('refuses renames and removals as often as it was told', async () => {
    const client = await sim.open()
    await client.put(Buffer.from('x'), '/to-clearinghouse/a.tmp')
    await sim.tell('/_sim/sftp', { refuseRename: 1, refuseRemove: true })
    expect(await messageOf(client.rename('/to-clearinghouse/a.tmp', '/to-clearinghouse/a.part'))).to.include('Failure')
    expect(await messageOf(client.rename('/to-clearinghouse/a.tmp', '/to-clearinghouse/a.part'))).to.equal('no error')
    expect(await messageOf(client.delete('/to-clearinghouse/a.part'))).to.include('Failure')
    expect(await client.exists('/to-clearinghouse/a.part')).to.equal('-')
  })
  it('cuts the connection in mid-file: under a temporary name nothing is taken', async () => {
    const client = await sim.open()
    await sim.tell('/_sim/sftp', { disconnect: { afterBytes: 100_000 } })
    expect(await messageOf(client.put(Buffer.alloc(200_000, 65), '/to-clearinghouse/a.tmp'))).not.to.equal('no error')
    const { 'to-clearinghouse': files } = await sim.look<Record<string, { name: string; bytes: number }[]>>('/_sim/files')
    expect(files?.map(({ name }) => name)).to.deep.equal(['a.tmp'])
    expect(files?.[0]?.bytes).to.be.within(100_000, 199_999)
    const second = await sim.open()
    expect(await messageOf(second.put(Buffer.alloc(200_000, 65), '/to-clearinghouse/b.tmp')), 'once').to.equal('no error')
  })
  it('takes a torn file that was written under its final name: that is why one does not', async () => {
    const client = await sim.open()
    await sim.tell('/_sim/sftp', { disconnect: { afterBytes: 0 } })
    await messageOf(client.put(Buffer.from(ask270()), '/to-clearinghouse/a.x12'))
    const log = await sim.look<{ what: string }[]>('/_sim/log')
    expect(log.map(({ what }) => what)).to.include('file-taken')
    expect(await sim.look('/_sim/files')).to.deep.equal({ 'to-clearinghouse': [], 'from-clearinghouse': [] })
  })
  it('is as slow as it was told', async () => {
    const client = await sim.open()
    await sim.tell('/_sim/sftp', { slowMs: 120 })
    const fromMs = performance.now()
    await client.stat('/to-clearinghouse')
    expect(performance.now() - fromMs).to.be.greaterThan(115)
  })
  it('plays the modes of every simulator', async () => {
    const outcome = async (mode: string) => {
      await sim.tell('/_sim/faults', { mode, times: 1 })
      return connect({ password: token, readyTimeout: 1_500 })
    }
    for (const mode of ['drops', 'throttles', 'answers-garbage']) expect(await outcome(mode), mode).not.to.equal('no error')
    expect(await outcome('refuses-key')).to.include('authentication')
    expect(await connect({ password: token }), 'and then it is over').to.equal('no error')
  })
  it('closes its side when the client has ended its own, as OpenSSH waits for', async () => {
    const client = new ssh2.Client()
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject)
      client.on('ready', () =>
        client.subsys('sftp', (error, stream) => {
          if (error) return reject(error)
          stream.on('close', () => resolve())
          stream.resume()
          stream.end()
        }),
      )
      client.connect({ host: sim.sftp.host, port: sim.sftp.port, username: 'hub', password: token })
    })
    client.end()
  })
  it('rejects: the rename is refused, nothing is taken', async () => {
    const client = await sim.open()
    await client.put(Buffer.from(ask270()), '/to-clearinghouse/a.tmp')
    await sim.tell('/_sim/faults', { mode: 'rejects' })
    expect(await messageOf(client.rename('/to-clearinghouse/a.tmp', '/to-clearinghouse/a.x12'))).to.include('Failure')
    expect(await sim.look('/_sim/effects')).to.deep.equal({ checkEligibility: { count: 0, byKey: {} } })
  })
  it('accepts-then-drops: the file is taken, the reply never comes', async () => {
    const client = await sim.open()
    await client.put(Buffer.from(ask270()), '/to-clearinghouse/a.tmp')
    await sim.tell('/_sim/faults', { mode: 'accepts-then-drops', times: 1 })
    expect(await messageOf(client.rename('/to-clearinghouse/a.tmp', '/to-clearinghouse/a.x12'))).not.to.equal('no error')
    expect(await sim.look('/_sim/effects')).to.deep.include({ submitBatch: { count: 1, byKey: { 'HELIOXHUB/000000101': 1 } } })
  })
})

const put = (sim: SimChild, name: string) => fetch(`${sim.url}/_sim/files/from-clearinghouse/${name}`, { method: 'PUT', body: 'x' }).then((r) => r.text())
