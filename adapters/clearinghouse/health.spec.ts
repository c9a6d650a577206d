import { mkdirSync, rmdirSync, symlinkSync } from 'node:fs'
import { expect } from 'chai'
import { checkHealth } from './health.ts'
import { contextOf } from './testing/context.ts'
import { withServer } from './testing/server.ts'
import { noSshd, type Sshd, startSshd } from './testing/sshd.ts'

describe(`The health of both doors${noSshd ? ` (skipped: ${noSshd})` : ''}`, function () {
  this.timeout(30_000)
  let sshd: Sshd
  before(async function () {
    if (noSshd) {
      if (process.env.REQUIRE_ALL === '1') throw new Error(`${noSshd} and REQUIRE_ALL=1`)
      this.skip()
    }
    sshd = await startSshd()
  })
  after(() => sshd?.stop())
  const health = (status: number, sftp: Record<string, unknown> = {}) =>
    withServer(
      (_req, res) => {
        res.writeHead(status)
        res.end('{}')
      },
      (restUrl) => checkHealth(contextOf({ config: { restUrl, ...sshd.config, ...sftp }, secrets: sshd.secrets })),
    )

  it('is that of the real-time door alone where no SFTP server is named', async () => {
    const none = { sftpHost: undefined, sftpUser: undefined, sftpHostKeySha256: undefined }
    expect(await health(200, none)).to.deep.equal({ ok: true, text: 'The clearinghouse answers.' })
    expect(await health(503, none)).to.deep.equal({ ok: false, text: 'The clearinghouse is out of order.' })
  })
  it('needs both folders; a link to a folder is one', async () => {
    mkdirSync(`${sshd.files}/to-clearinghouse`)
    expect(await health(200)).to.deep.equal({ ok: false, text: 'The SFTP server lets us in, but a folder of the settings is not there.' })
    mkdirSync(`${sshd.files}/elsewhere`)
    symlinkSync(`${sshd.files}/elsewhere`, `${sshd.files}/from-clearinghouse`)
    expect(await health(200)).to.deep.equal({ ok: true, text: 'The clearinghouse answers, and its SFTP folders are there.' })
    rmdirSync(`${sshd.files}/elsewhere`)
    expect((await health(200)).ok).to.equal(false)
    mkdirSync(`${sshd.files}/elsewhere`)
  })
  it('is that of the worse one, and says what is wrong with it', async () => {
    expect(await health(503)).to.deep.equal({ ok: false, text: 'The clearinghouse is out of order.' })
    const wrongKey = await health(200, { sftpHostKeySha256: 'a'.repeat(43) })
    expect([wrongKey.ok, wrongKey.text.includes('host key')]).to.deep.equal([false, true])
    expect(await health(200, { sftpPort: 9 })).to.deep.equal({ ok: false, text: 'The SFTP server cannot be reached.' })
  })
})
