import { createServer, type Server, type Socket } from 'node:net'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { ask, scan, verdictOf } from './clamd.ts'
import { clamd, startClamd } from './fixtures/clamd.ts'
import { eicar } from './fixtures/hostile.ts'
import { phonePhoto } from './fixtures/photo.ts'

const contextOf = (port: number) => ({ config: { host: '127.0.0.1', port, bytesMax: 10_000_000 }, signal: AbortSignal.timeout(5_000) })
const kindOf = async (work: () => unknown): Promise<string> => {
  try {
    return JSON.stringify(await work())
  } catch (error) {
    if (error instanceof PartnerFault) return error.kind
    throw error
  }
}
const portOf = (server: Server): number => {
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return address.port
}

describe('what a scanner’s answer means', () => {
  it('is clean by the exact word only', async () => {
    expect(verdictOf('stream: OK')).to.deep.equal({ is: 'clean' })
    for (const answer of ['', 'OK', 'stream: ok', 'stream: OK ', ' stream: OK', 'stream: OK\nstream: Virus FOUND', 'stream:  FOUND', 'PONG']) {
      expect(await kindOf(() => verdictOf(answer)), answer).to.equal('contract')
    }
  })
  it('is a finding by name, made safe to show', () => {
    expect(verdictOf('stream: Win.Test.EICAR_HDB-1 FOUND')).to.deep.equal({ is: 'found', finding: 'Win.Test.EICAR_HDB-1' })
    expect(verdictOf(`stream: <b>${'x'.repeat(300)} FOUND`))
      .to.have.property('finding')
      .that.matches(/^_b_x{117}$/)
  })
  it('is a fault when it is an error', async () => {
    expect(await kindOf(() => verdictOf("stream: Can't allocate memory ERROR"))).to.equal('unavailable')
    expect(await kindOf(() => verdictOf('INSTREAM size limit exceeded. ERROR'))).to.equal('contract')
  })
})

describe('the scanner’s protocol', () => {
  let server: Server
  let serve: (socket: Socket) => void
  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      serve(socket)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('sends the command, the bytes in bounded chunks, and an empty chunk', async () => {
    const received: Buffer[] = []
    serve = (socket) =>
      socket.on('data', (part: Buffer) => {
        received.push(part)
        if (Buffer.concat(received).subarray(-4).equals(Buffer.alloc(4))) socket.end('stream: OK\0')
      })
    const bytes = Buffer.alloc(150_000, 7)
    await scan(bytes, contextOf(portOf(server)))
    const all = Buffer.concat(received)
    expect(all.subarray(0, 10).toString('latin1')).to.equal('zINSTREAM\0')
    let at = 10
    const chunks: Buffer[] = []
    while (all.readUInt32BE(at) > 0) {
      const length = all.readUInt32BE(at)
      expect(length).to.be.at.most(64 * 1024)
      chunks.push(all.subarray(at + 4, at + 4 + length))
      at += 4 + length
    }
    expect(at + 4).to.equal(all.length)
    expect(Buffer.concat(chunks).equals(bytes)).to.equal(true)
  })

  it('hears a scanner that has enough before everything is sent', async () => {
    serve = (socket) => socket.once('data', () => socket.write('INSTREAM size limit exceeded. ERROR\0'))
    expect(await kindOf(() => scan(Buffer.alloc(8_000_000), contextOf(portOf(server))))).to.equal('contract')
  })

  it('takes no file for clean that the scanner was not given in full, and believes a finding at any time', async () => {
    let early = 'stream: OK'
    // Reads the command and not the file: most of it is still on our side when the answer comes.
    const paused: Socket[] = []
    serve = (socket) =>
      socket.once('data', () => {
        paused.push(socket.pause())
        socket.write(`${early}\0`)
      })
    expect(await kindOf(() => scan(Buffer.alloc(30_000_000), contextOf(portOf(server))))).to.equal('contract')
    early = 'stream: Test FOUND'
    expect(await scan(Buffer.alloc(30_000_000), contextOf(portOf(server)))).to.deep.equal({ is: 'found', finding: 'Test' })
    for (const socket of paused) socket.destroy()
  })

  it('takes an answer that breaks off for no answer', async () => {
    serve = (socket) => socket.once('data', () => socket.end('stream: OK'))
    expect(await kindOf(() => scan(Buffer.from('x'), contextOf(portOf(server))))).to.equal('unavailable')
  })

  it('reads no endless answer', async () => {
    serve = (socket) => socket.once('data', () => socket.write('x'.repeat(5_000)))
    expect(await kindOf(() => scan(Buffer.from('x'), contextOf(portOf(server))))).to.equal('contract')
  })
})

describe('the scanner adapter and a real clamd', () => {
  let running: { stop(): Promise<void> } | undefined
  const port = 20_000 + (process.pid % 20_000)

  before(async function () {
    if (!clamd) return this.skip()
    running = await startClamd(port, '5M')
  })
  after(() => running?.stop())

  it('finds the test virus, and lets a photo pass', async () => {
    expect(await scan(eicar(), contextOf(port))).to.deep.equal({ is: 'found', finding: 'Heliox.Test.EICAR.UNOFFICIAL' })
    expect(await scan(await phonePhoto(), contextOf(port))).to.deep.equal({ is: 'clean' })
  })
  it('says its version', async () => expect(await ask('VERSION', contextOf(port))).to.match(/^ClamAV /))
  it('hears that a file is larger than this clamd takes', async () => {
    expect(await kindOf(() => scan(Buffer.alloc(8_000_000, 1), contextOf(port)))).to.be.oneOf(['contract', 'unavailable'])
  })
})
