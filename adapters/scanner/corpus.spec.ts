import { limits, sha256Hex } from '@heliox/core/kit'
import { PhotoClean, PhotoRefused, partsOf } from '@heliox/core/media'
import { expect } from 'chai'
import exifr from 'exifr'
import sharp from 'sharp'
import { type Simulator, startSimulator } from '../contract-suite.ts'
import { memoryLocks, memoryNumbers } from '../testing.ts'
import { scanner } from './adapter.ts'
import { clamd, startClamd } from './fixtures/clamd.ts'
import { corpus } from './fixtures/corpus.ts'
import { eicar } from './fixtures/hostile.ts'
import { MemoryObjects } from './fixtures/objects.ts'
import { phonePhoto } from './fixtures/photo.ts'
import type { ScannerContext } from './types.ts'

const names = { uploadId: '0b8f7c1e-3d0a-4c55-9a53-6f1f0f3a7b01', cleanKey: 't/c1', thumbKey: 't/c1.thumb', bytesMax: limits.uploadBytesMax }
const keyOf = (at: number): string => `t/q1/${at}`

/** A way to have a file cleared: put into quarantine in parts, as a browser does, and given to the operation. */
function bench(port: () => number) {
  const objects = new MemoryObjects()
  const ctx = (): ScannerContext => ({
    config: { host: '127.0.0.1', port: port(), bytesMax: limits.uploadBytesMax },
    secrets: {},
    idempotencyKey: 'effect-1',
    signal: AbortSignal.timeout(60_000),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => new Date(0),
    production: false,
    objects,
    numbers: memoryNumbers(),
    locks: memoryLocks(),
  })
  const wishFor = (file: Buffer) => ({
    ...names,
    quarantineKeys: partsOf(file.length).map((_, at) => keyOf(at)),
    announced: { bytes: file.length, sha256: sha256Hex(file) },
  })
  const put = async (file: Buffer): Promise<void> => {
    let from = 0
    for (const [at, bytes] of partsOf(file.length).entries()) {
      await objects.put('quarantine', keyOf(at), file.subarray(from, from + bytes))
      from += bytes
    }
  }
  const clear = async (file: Buffer) => {
    await put(file)
    // Nothing has no parts, and nobody announces it; it is one empty object then.
    if (file.length > 0) return scanner.operations.clearPhoto.call(wishFor(file), ctx())
    await objects.put('quarantine', keyOf(0), file)
    return scanner.operations.clearPhoto.call({ ...names, quarantineKeys: [keyOf(0)], announced: null }, ctx())
  }
  return { objects, ctx, wishFor, put, clear }
}

function corpusWith(which: 'clamd' | 'embedded', port: () => number): void {
  for (const { what, make, outcome, gone = [] } of corpus) {
    const due = typeof outcome === 'string' ? outcome : outcome[which]
    it(`${what}: ${due}`, async () => {
      const { objects, clear } = bench(port)
      const file = await make()
      const answer = await clear(file)
      if (due !== 'clean') {
        expect([answer.is, PhotoRefused.schema.parse(answer.value).reason]).to.deep.equal(['rejected', due])
        expect(objects.keys('clean')).to.deep.equal([])
        return
      }
      const value = PhotoClean.schema.parse(answer.value)
      expect(value.quarantineSha256).to.equal(sha256Hex(file))
      for (const [key, facts] of [[names.cleanKey, value.clean] as const, [names.thumbKey, value.thumb] as const]) {
        const copy = await objects.get('clean', key, limits.uploadBytesMax)
        if (!copy) throw new Error(`nothing under ${key}`)
        expect(sha256Hex(copy)).to.equal(facts.sha256)
        const { format, width, height, exif, icc, xmp, iptc } = await sharp(copy).metadata()
        expect([format, width, height, exif, icc, xmp, iptc]).to.deep.equal(['jpeg', facts.widthPx, facts.heightPx, undefined, undefined, undefined, undefined])
        expect(await exifr.parse(copy, true)).to.equal(undefined)
        for (const text of gone) expect(copy.includes(Buffer.from(text, 'latin1')), text).to.equal(false)
      }
      expect(Math.max(value.thumb.widthPx, value.thumb.heightPx)).to.be.at.most(320)
    })
  }
}

describe('files that a patient, or somebody else, may send', function () {
  this.timeout(60_000)

  describe('with the embedded scanner', () => {
    let sim: Simulator
    const portOf = () => Number(new URL(sim.url).port)
    before(async () => {
      sim = await startSimulator(new URL('./embedded/main.ts', import.meta.url), { HUB_ENV: 'test', SCAN_PORT: '0', SCAN_CONTROL_PORT: '0' })
    })
    after(() => sim.stop())
    corpusWith('embedded', portOf)

    it('are seen upright, however the phone was held', async () => {
      const { objects, clear } = bench(portOf)
      // Stored at the bottom left; where that is when it is seen, by the EXIF orientation, as (right, bottom).
      const seen = [
        [0, 1],
        [1, 1],
        [1, 0],
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 1],
        [1, 1],
      ] as const
      for (const [at, [right, bottom]] of seen.entries()) {
        const answer = await clear(await phonePhoto({ width: 640, height: 400, orientation: at + 1 }))
        const { widthPx, heightPx } = PhotoClean.schema.parse(answer.value).clean
        expect(widthPx > heightPx, `orientation ${at + 1}`).to.equal(at < 4)
        const copy = await objects.get('clean', names.cleanKey, limits.uploadBytesMax)
        const corner = { left: right === 1 ? widthPx - 20 : 20, top: bottom === 1 ? heightPx - 20 : 20, width: 1, height: 1 }
        const [red = 0, green = 255] = await sharp(copy).extract(corner).raw().toBuffer()
        expect([red > 200, green < 60], `orientation ${at + 1}`).to.deep.equal([true, true])
      }
    })

    it('are refused when a part is missing, is another one, or is longer than was announced', async () => {
      const { objects, ctx, wishFor, put } = bench(portOf)
      const file = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
        .jpeg({ quality: 95 })
        .toBuffer()
      expect(partsOf(file.length).length).to.be.greaterThan(2)
      const clear = async () => {
        const answer = await scanner.operations.clearPhoto.call(wishFor(file), ctx())
        return answer.is === 'ok' ? 'ok' : PhotoRefused.schema.parse(answer.value).reason
      }
      await put(file)
      expect(await clear()).to.equal('ok')
      await objects.remove('clean', names.cleanKey)
      await objects.remove('clean', names.thumbKey)
      const second = await objects.get('quarantine', keyOf(1), limits.uploadBytesMax)
      if (!second) throw new Error('no second part')
      const changed = Buffer.from(second)
      changed[100] = (changed[100] ?? 0) ^ 1
      for (const wrong of [changed, Buffer.concat([second, eicar()]), second.subarray(1)]) {
        await objects.put('quarantine', keyOf(1), wrong)
        expect(await clear()).to.equal('incomplete')
      }
      await objects.remove('quarantine', keyOf(1))
      expect(await clear()).to.equal('incomplete')
      await objects.put('quarantine', keyOf(1), Buffer.alloc(limits.uploadBytesMax))
      expect(await clear()).to.equal('too-large')
      expect(objects.keys('clean')).to.deep.equal([])
    })

    it('are what was scanned, whatever is put into quarantine while the scan goes on', async () => {
      const { objects, clear } = bench(portOf)
      const photo = await phonePhoto()
      objects.afterGet = () => objects.put('quarantine', keyOf(0), eicar())
      expect(PhotoClean.schema.parse((await clear(photo)).value).quarantineSha256).to.equal(sha256Hex(photo))
      expect(await objects.get('quarantine', keyOf(0), 1_000)).to.deep.equal(eicar())
    })
  })

  describe('with a real clamd', () => {
    let running: { stop(): Promise<void> } | undefined
    const port = 40_000 + (process.pid % 10_000)
    before(async function () {
      if (!clamd) return this.skip()
      running = await startClamd(port)
    })
    after(() => running?.stop())
    corpusWith('clamd', () => port)
  })
})
