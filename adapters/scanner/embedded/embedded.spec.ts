import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { setImmediate as soon } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { eicar } from '../fixtures/hostile.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

describe('the embedded scanner', () => {
  let child: ChildProcess
  let ready: Record<string, unknown>
  before(async () => {
    const started = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, HUB_ENV: 'test', SCAN_PORT: '0', SCAN_CONTROL_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = started
    const [line] = (await once(createInterface({ input: started.stdout }), 'line')) as [string]
    ready = JSON.parse(line) as typeof ready
  })
  after(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  })

  /** Everything it says to these writes, until it closes. */
  const talk = async (...parts: (string | Buffer)[]): Promise<string> => {
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(String(ready.url)).port) })
    let said = ''
    socket.setEncoding('latin1').on('data', (text) => {
      said += text
    })
    await once(socket, 'connect')
    socket.setNoDelay(true)
    for (const part of parts) {
      socket.write(part)
      await soon()
    }
    if (!socket.closed) await once(socket, 'close')
    return said
  }
  const chunk = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const end = Buffer.alloc(4)

  it('says with how many rules of which date it scans', () => {
    expect(ready.engine).to.match(/^YARA-X /)
    expect(ready.rules).to.be.a('number').greaterThan(3)
    expect(ready.rulesDate).to.match(/^\d{4}-\d\d-\d\d$/)
  })

  it('answers as it was asked: with NUL, with a line, or in the old form', async () => {
    expect([await talk('zPING\0'), await talk('nPING\n'), await talk('PING\n')]).to.deep.equal(['PONG\0', 'PONG\n', 'PONG\n'])
    expect(await talk('nINSTREAM\n', chunk(Buffer.from('hello')), end)).to.equal('stream: OK\n')
    expect(await talk('zVERSION\0')).to.contain(String(ready.rulesDate))
  })

  it('puts together what comes in pieces', async () => {
    const bytes = Buffer.concat([Buffer.from('zINSTREAM\0'), chunk(eicar().subarray(0, 30)), chunk(eicar().subarray(30)), end])
    const pieces = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1))
    expect(await talk(...pieces)).to.equal('stream: Heliox_Test_EICAR FOUND\0')
  })

  it('ends a stream that is too long, before it holds it', async () => {
    const claim = Buffer.alloc(4)
    claim.writeUInt32BE(0xffffffff)
    expect(await talk('zINSTREAM\0', claim)).to.equal('INSTREAM size limit exceeded. ERROR\0')
  })

  it('knows no other command', async () => {
    expect(await talk('zSHUTDOWN\0')).to.equal('UNKNOWN COMMAND\0')
    expect(await talk('x'.repeat(100))).to.contain('UNKNOWN COMMAND')
  })

  it('refuses to start in production', async () => {
    const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, HUB_ENV: 'production' }, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString()
    })
    const [code] = (await once(child, 'close')) as [number]
    expect(code).to.equal(1)
    expect(said).to.contain('not for production')
  })

  it('keeps the test virus out of the sources, where a scanner of this machine would find it', async () => {
    const folder = fileURLToPath(new URL('..', import.meta.url))
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((f) => f.isFile())
    expect(files.length).to.be.greaterThan(10)
    for (const file of files) expect((await readFile(`${file.parentPath}/${file.name}`)).includes(eicar()), file.name).to.equal(false)
  })
})
