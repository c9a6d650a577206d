import { readFileSync } from 'node:fs'
import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import sharp from 'sharp'
import { realFlood } from '../fixtures/corpus.ts'
import { phonePhoto } from '../fixtures/photo.ts'
import { Decoder, DecoderDied } from './child.ts'
import { DecoderPool, decode } from './index.ts'
import { answerBytes, type Decoded, framed, readAnswer } from './protocol.ts'

const soon = () => AbortSignal.timeout(30_000)
const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )
const proc = (pid: number | undefined, file: string): string => readFileSync(`/proc/${pid}/${file}`, 'latin1')

describe('the decoder’s process', function () {
  this.timeout(60_000)
  const started: Decoder[] = []
  const start = (): Decoder => {
    const decoder = new Decoder()
    started.push(decoder)
    return decoder
  }
  afterEach(() => {
    for (const decoder of started.splice(0)) decoder.end()
  })

  it('holds no setting and no secret, and may touch neither disk nor network nor start anything', async function () {
    if (process.platform !== 'linux') return this.skip()
    const decoder = start()
    expect((await decoder.decode(await phonePhoto(), soon())).is).to.equal('image')
    expect(proc(decoder.pid, 'environ')).to.equal('')
    const flags = proc(decoder.pid, 'cmdline').split('\0')
    expect(flags).to.include('--permission')
    expect(flags.filter((flag) => flag.startsWith('--allow-')).map((flag) => flag.split('=')[0])).to.deep.equal([
      '--allow-addons',
      '--allow-fs-read',
      '--allow-fs-read',
    ])
  })

  it('refuses a flood of 900 million pixels from its header, in less memory than one photo takes', async function () {
    if (process.platform !== 'linux') return this.skip()
    const peakMb = (decoder: Decoder): number => Number(/VmHWM:\s+(\d+)/.exec(proc(decoder.pid, 'status'))?.[1]) / 1024
    const one = start()
    await one.decode(await phonePhoto({ width: 4032, height: 3024 }), soon())
    const flood = realFlood()
    expect(flood.length).to.be.lessThan(200_000)
    const other = start()
    expect(await other.decode(flood, soon())).to.deep.equal({ is: 'refused', reason: 'too-large' })
    expect(peakMb(other)).to.be.lessThan(peakMb(one))
    expect(peakMb(other)).to.be.lessThan(200)
  })

  it('is ended when the time is over, which is a fault and no refusal; the next photo gets another one', async () => {
    const photo = await phonePhoto({ width: 4032, height: 3024 })
    const decoder = start()
    const error = await errorOf(decoder.decode(photo, AbortSignal.timeout(1)))
    expect(error).to.be.instanceOf(PartnerFault).and.to.include({ kind: 'timeout' })
    expect(decoder.usable).to.equal(false)
    expect(await errorOf(decode(photo, AbortSignal.abort()))).to.be.instanceOf(PartnerFault)
    expect((await decode(photo, soon())).is).to.equal('image')
  })

  it('is found dead when something ends it over a file', async () => {
    const decoder = start()
    await decoder.decode(Buffer.from('warm'), soon())
    const work = errorOf(decoder.decode(await phonePhoto({ width: 4032, height: 3024 }), soon()))
    process.kill(decoder.pid ?? 0, 'SIGKILL')
    expect(await work).to.be.instanceOf(DecoderDied)
    expect(decoder.usable).to.equal(false)
  })

  it('does several photos after another, and more at the same time than there are decoders', async () => {
    const photos = await Promise.all([3, 5, 7, 9, 11].map((n) => phonePhoto({ width: n * 100, height: 200, orientation: 1 })))
    const decoded = await Promise.all(photos.map((photo) => decode(photo, soon())))
    expect(decoded.map((one) => one.is === 'image' && one.full.widthPx)).to.deep.equal([300, 500, 700, 900, 1100])
  })

  it('has ended after a quiet while, as all the others: the next photo gets a fresh one and is not refused for it', async () => {
    const pool = new DecoderPool(start)
    const photo = await phonePhoto()
    await Promise.all([pool.decode(photo, soon()), pool.decode(photo, soon())])
    expect(started).to.have.length(2)
    for (const decoder of started) decoder.end()
    expect((await pool.decode(photo, soon())).is).to.equal('image')
    expect(started).to.have.length(3)
  })

  for (const [deaths, outcome] of [
    [1, 'image'],
    [2, 'refused'],
  ] as const)
    it(`dies over a file, and so do ${deaths} in a row: ${outcome}`, async () => {
      const pool = new DecoderPool(() => {
        const decoder = start()
        if (started.length <= deaths) setImmediate(() => decoder.end())
        return decoder
      })
      const decoded = await pool.decode(await phonePhoto(), soon())
      expect(decoded).to.include(outcome === 'image' ? { is: 'image' } : { is: 'refused', reason: 'unreadable' })
      expect(started).to.have.length(2)
    })
})

describe('what a decoder’s answer means', () => {
  const picture = async (side: number) => ({
    bytes: await sharp({ create: { width: side, height: side, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer(),
    widthPx: side,
    heightPx: side,
  })
  it('is read back as it was written, when all of it is there', async () => {
    const answer: Decoded = { is: 'image', sourceType: 'image/png', full: await picture(20), thumb: await picture(5) }
    const bytes = answerBytes(answer)
    expect(readAnswer(bytes, 10_000)).to.deep.equal(answer)
    for (const length of [0, 3, 10, bytes.length - 1]) expect(readAnswer(bytes.subarray(0, length), 10_000)).to.equal(undefined)
    expect(readAnswer(answerBytes({ is: 'refused', reason: 'animated' }), 10)).to.deep.equal({ is: 'refused', reason: 'animated' })
  })
  it('is not believed when it cannot be', async () => {
    const good = await picture(20)
    const head = (value: unknown) => framed(Buffer.from(JSON.stringify(value)))
    const facts = { length: 10, widthPx: 1, heightPx: 1 }
    const wrong = [
      head({ is: 'refused', reason: 'tired' }),
      head({ is: 'image', sourceType: 'image/png', full: { ...facts, length: 99_999 }, thumb: facts }),
      head({ is: 'image', sourceType: 'image/png', full: { ...facts, widthPx: -1 }, thumb: facts }),
      answerBytes({ is: 'image', sourceType: '<b>', full: good, thumb: good }),
      answerBytes({ is: 'image', sourceType: 'image/png', full: { ...good, bytes: Buffer.from('<html></html>') }, thumb: good }),
      Buffer.alloc(4, 0xff),
      framed(Buffer.from('not json')),
    ]
    for (const bytes of wrong) expect(() => readAnswer(bytes, 10_000), bytes.toString('latin1').slice(0, 60)).to.throw()
  })
})
