import { type FaultKind, limits, ObjectTooLarge, PartnerFault, sha256Hex } from '@heliox/core/kit'
import { UploadClean, UploadRefused } from '@heliox/core/media'
import { expect } from 'chai'
import exifr from 'exifr'
import sharp from 'sharp'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { memoryLocks, memoryNumbers } from '../testing.ts'
import { scanner } from './adapter.ts'
import { eicar, emptyZip, hiddenIn, pixelFlood, windowsProgram } from './fixtures/hostile.ts'
import { MemoryObjects } from './fixtures/objects.ts'
import { phonePhoto } from './fixtures/photo.ts'
import { checkHealth } from './health.ts'
import type { ScannerContext } from './types.ts'

const input = { uploadId: '0b8f7c1e-3d0a-4c55-9a53-6f1f0f3a7b01', quarantineKey: 't/q1', cleanKey: 't/c1', bytesMax: limits.uploadBytesMax }

const start = () => startSimulator(new URL('./embedded/main.ts', import.meta.url), { HUB_ENV: 'test', SCAN_PORT: '0', SCAN_CONTROL_PORT: '0' })
const portOf = (url: string) => Number(new URL(url).port)

const bucket = new MemoryObjects()
adapterContract(scanner, {
  start,
  connection: ({ url }) => ({ config: { host: '127.0.0.1', port: portOf(url), bytesMax: limits.uploadBytesMax }, secrets: {} }),
  objects: bucket,
  operations: {
    clearPhoto: {
      async input() {
        const photo = await phonePhoto()
        await bucket.put('quarantine', 't/q1/000', photo)
        const announced = { bytes: photo.length, sha256: sha256Hex(photo) }
        return { uploadId: input.uploadId, quarantineKeys: ['t/q1/000'], announced, cleanKey: 't/c1', thumbKey: 't/c1.thumb', bytesMax: input.bytesMax }
      },
      effect: 'clearUpload',
      faults: { 'accepts-then-drops': ['unavailable'], drops: ['unavailable'], throttles: ['unavailable'] },
      skip: { 'refuses-key': 'clamd has neither key nor login' },
    },
    clearUpload: {
      async input() {
        await bucket.put('quarantine', input.quarantineKey, await phonePhoto())
        return input
      },
      effect: 'clearUpload',
      // A scan changes nothing over there, so a lost answer leaves nothing in doubt; and clamd has no word for "slow down".
      faults: { 'accepts-then-drops': ['unavailable'], drops: ['unavailable'], throttles: ['unavailable'] },
      skip: { 'refuses-key': 'clamd has neither key nor login' },
    },
  },
})

describe('the scanner adapter', () => {
  let sim: Simulator
  let objects: MemoryObjects

  const contextOf = (changes: Partial<ScannerContext['config']> = {}, timeoutMs = 10_000): ScannerContext => ({
    config: { host: '127.0.0.1', port: portOf(sim.url), bytesMax: limits.uploadBytesMax, ...changes },
    secrets: {},
    idempotencyKey: 'effect-1',
    signal: AbortSignal.timeout(timeoutMs),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => new Date(0),
    production: false,
    objects,
    numbers: memoryNumbers(),
    locks: memoryLocks(),
  })
  const clear = async (bytes: Buffer, ctx = contextOf()) => {
    await objects.put('quarantine', input.quarantineKey, bytes)
    return scanner.operations.clearUpload.call(input, ctx)
  }
  const refusalOf = async (bytes: Buffer, ctx = contextOf()) => {
    const answer = await clear(bytes, ctx)
    expect(answer.is).to.equal('rejected')
    expect(objects.keys('clean')).to.deep.equal([])
    return UploadRefused.schema.parse(answer.value)
  }
  const faultOf = async (work: Promise<unknown>): Promise<FaultKind> => {
    const error = await work.then(
      () => undefined,
      (e: unknown) => e,
    )
    if (!(error instanceof PartnerFault)) throw new Error(`expected a PartnerFault, got ${String(error)}`)
    expect(objects.keys('clean')).to.deep.equal([])
    expect(objects.keys('quarantine')).to.deep.equal([input.quarantineKey])
    return error.kind
  }

  before(async () => {
    sim = await start()
  })
  after(() => sim.stop())
  beforeEach(async () => {
    objects = new MemoryObjects()
    await sim.reset()
  })

  it('lets nobody but the scanner call a photo clean', () => expect(scanner.operations.clearUpload.byHand).to.equal('rejected'))

  it('refuses the embedded scanner where patients are real, and the photo stays in quarantine', async () => {
    await objects.put('quarantine', input.quarantineKey, await phonePhoto())
    const fault = await scanner.operations.clearUpload.call(input, { ...contextOf(), production: true }).catch((error: unknown) => error)
    expect(fault).to.be.instanceOf(PartnerFault).and.to.include({ kind: 'credentials' })
    expect(objects.keys('clean')).to.deep.equal([])
  })

  it('clears a phone photo: upright, without the place it was taken at, bound to the bytes that were scanned', async () => {
    const photo = await phonePhoto({ width: 640, height: 400, orientation: 6 })
    expect(await exifr.gps(photo)).to.have.property('latitude')
    const answer = await clear(photo)
    expect(answer.is).to.equal('ok')
    const value = UploadClean.schema.parse(answer.value)
    const copy = await objects.get('clean', input.cleanKey, limits.uploadBytesMax)
    if (!copy) throw new Error('no clean copy')
    expect(value).to.deep.equal({
      quarantineSha256: sha256Hex(photo),
      cleanSha256: sha256Hex(copy),
      cleanBytes: copy.length,
      contentType: 'image/jpeg',
      widthPx: 400,
      heightPx: 640,
    })
    expect(await exifr.parse(copy, true)).to.equal(undefined)
    expect(copy.includes('Exif')).to.equal(false)
    // Stored at the bottom left, seen at the top left: the picture was turned, not only its flag dropped.
    const [red = 0, green = 255] = await sharp(copy).extract({ left: 20, top: 20, width: 1, height: 1 }).raw().toBuffer()
    expect([red > 200, green < 60]).to.deep.equal([true, true])
    expect((await sim.effects()).clearUpload?.byKey).to.deep.equal({ [sha256Hex(photo)]: 1 })
  })

  it('gives the same answer and the same copy when it is done again, from a scanner that knows the file', async () => {
    const photo = await phonePhoto()
    expect(await clear(photo)).to.deep.equal(await clear(photo))
    expect((await sim.effects()).clearUpload).to.include({ count: 1, asked: 2 })
  })

  it('takes PNG and WebP too, and serves them as JPEG', async () => {
    const blank = sharp({ create: { width: 30, height: 20, channels: 4, background: '#00ff00' } })
    for (const bytes of [await blank.clone().png().toBuffer(), await blank.clone().webp().toBuffer()]) {
      expect(await clear(bytes)).to.deep.include({ is: 'ok' })
      expect((await sharp(await objects.get('clean', input.cleanKey, 100_000)).metadata()).format).to.equal('jpeg')
    }
  })

  it('makes a very large photo smaller, never larger', async () => {
    const answer = await clear(await phonePhoto({ width: 6000, height: 3000, orientation: 1 }))
    expect(answer.value).to.include({ widthPx: 4096, heightPx: 2048 })
  })

  describe('refuses', () => {
    const finds: [string, () => Promise<Buffer> | Buffer, string][] = [
      ['the test virus', eicar, 'Heliox_Test_EICAR'],
      ['the test virus behind a photo', async () => Buffer.concat([await phonePhoto(), eicar()]), 'Heliox_Test_EICAR'],
      ['a photo that is PHP as well', async () => hiddenIn(await phonePhoto(), ['<?', 'php system($_GET[1]); ?>'].join('')), 'Heliox_Server_Script_In_Image'],
      ['a photo that is a page with a script as well', async () => hiddenIn(await phonePhoto(), '<SCRIPT>x()</SCRIPT>'), 'Heliox_Web_Script_In_Image'],
      ['a photo that is a ZIP as well', async () => Buffer.concat([await phonePhoto(), emptyZip()]), 'Heliox_Archive_Behind_Image'],
      ['a Windows program', windowsProgram, 'Heliox_Windows_Executable'],
      ['a Unix program', () => Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), 'Heliox_Unix_Executable'],
    ]
    for (const [what, make, finding] of finds) {
      it(`${what}, with the rule that found it`, async () => {
        expect(await refusalOf(await make())).to.deep.equal({ reason: 'malware', finding })
      })
    }

    const others: [string, () => Promise<Buffer> | Buffer, string][] = [
      ['a web page that is named like a photo', () => Buffer.from('<!doctype html><p>card</p>'), 'not-an-image'],
      ['an SVG with a script', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'), 'not-an-image'],
      ['a PDF', () => Buffer.from('%PDF-1.7\n'), 'not-an-image'],
      ['an empty file', () => Buffer.alloc(0), 'not-an-image'],
      ['a photo that is cut short', async () => (await phonePhoto()).subarray(0, 1500), 'unreadable'],
      ['a JPEG that is only its first bytes', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'unreadable'],
      ['a flood of pixels in 65 bytes', pixelFlood, 'too-large'],
    ]
    for (const [what, make, reason] of others) {
      it(`${what} as ${reason}`, async () => expect(await refusalOf(await make())).to.deep.equal({ reason, finding: null }))
    }

    it('a file over the limit of its connection, without scanning it', async () => {
      expect(await refusalOf(await phonePhoto(), contextOf({ bytesMax: 500 }))).to.deep.equal({ reason: 'too-large', finding: null })
      expect((await sim.effects()).clearUpload?.count).to.equal(0)
    })

    it('what is not there', async () => {
      const answer = await scanner.operations.clearUpload.call(input, contextOf())
      expect(answer).to.deep.equal({ is: 'rejected', value: { reason: 'missing', finding: null } })
    })
  })

  it('serves what was scanned, whatever is put into quarantine meanwhile', async () => {
    const photo = await phonePhoto()
    objects.afterGet = () => objects.put('quarantine', input.quarantineKey, eicar())
    const answer = await clear(photo)
    expect(answer.value).to.include({ quarantineSha256: sha256Hex(photo) })
    expect(await objects.get('quarantine', input.quarantineKey, 1_000)).to.deep.equal(eicar())
    expect((await sharp(await objects.get('clean', input.cleanKey, 100_000)).metadata()).width).to.equal(400)
  })

  describe('leaves the file in quarantine', () => {
    const faults: [string, FaultKind][] = [
      ['drops', 'unavailable'],
      ['accepts-then-drops', 'unavailable'],
      ['throttles', 'unavailable'],
      ['answers-garbage', 'contract'],
    ]
    for (const [mode, kind] of faults) {
      it(`when the scanner ${mode}: ${kind}`, async () => {
        await sim.fault(mode)
        expect(await faultOf(clear(await phonePhoto()))).to.equal(kind)
      })
    }

    it('when the scanner stalls: timeout', async () => {
      await sim.fault('stalls')
      expect(await faultOf(clear(await phonePhoto(), contextOf({}, 200)))).to.equal('timeout')
    })

    it('when there is no scanner: unavailable', async () => {
      expect(await faultOf(clear(await phonePhoto(), contextOf({ port: 1 })))).to.equal('unavailable')
    })

    it('when the time is over before the copy is stored: timeout', async () => {
      const photo = await phonePhoto()
      const ctx = contextOf()
      const over = new AbortController()
      objects.afterGet = async () => void setTimeout(() => over.abort(), 0)
      expect(await faultOf(clear(photo, { ...ctx, signal: over.signal }))).to.equal('timeout')
    })

    it('when the store of files is away: unavailable', async () => {
      objects.afterGet = async () => {
        throw new Error('connect ECONNREFUSED')
      }
      expect(await faultOf(clear(await phonePhoto()))).to.equal('unavailable')
    })
  })

  it('takes a store that says too large for an answer, not for an outage', async () => {
    objects.afterGet = async () => {
      throw new ObjectTooLarge(10)
    }
    expect(await refusalOf(await phonePhoto())).to.deep.equal({ reason: 'too-large', finding: null })
  })

  describe('its health', () => {
    it('is green, and names engine, rule count and date', async () => {
      const health = await checkHealth(contextOf())
      expect(health.ok).to.equal(true)
      expect(health.text).to.match(/^Heliox-embedded YARA-X [\d.]+\/\d+ rules\/\d{4}-\d\d-\d\d$/)
    })
    it('is red when nobody answers, or something else', async () => {
      for (const mode of ['drops', 'answers-garbage']) {
        await sim.fault(mode)
        expect((await checkHealth(contextOf())).ok, mode).to.equal(false)
      }
    })
  })
})
