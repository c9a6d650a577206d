import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { heicPhoto } from '@heliox/adapters/scanner/fixtures/heic'
import { buildApp } from '@heliox/api'
import { limits } from '@heliox/core/kit'
import { partKey, partsOf } from '@heliox/core/media'
import { makeObjects, type Objects } from '@heliox/hub/objects'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { linkHeaders, makeWorld, type World } from '../../api/testing/fakes.ts'
import { type RunningObjects, startObjects } from '../../docker/local/objects.ts'
import { freePort } from '../../docker/local/ports.ts'
import { fakeScreens } from './screens.ts'

/** A line to the store that can be cut in the middle of a byte stream, as a phone's is. */
class Line {
  readonly #server: Server
  readonly #open = new Set<Socket>()
  /** What the browser sent, headers and all. */
  sentBytes = 0
  /** After so many more bytes the connections that are open break off; and so on, one number a time. */
  cutsAfter: number[] = []
  /** Nothing gets through. */
  dead = false
  /** From the last of these breaks on: set later, it would come after whoever was quick to try again. */
  diesThen = false
  port = 0

  constructor(to: number) {
    this.#server = createServer((near) => {
      const far = createConnection(to, '127.0.0.1')
      for (const one of [near, far]) {
        this.#open.add(one)
        one.on('error', () => one.destroy())
        one.on('close', () => {
          this.#open.delete(one)
          near.destroy()
          far.destroy()
        })
      }
      if (this.dead) return this.cut()
      near.on('data', (bytes: Buffer) => this.#pass(bytes, far))
      far.pipe(near)
    })
  }
  #pass(bytes: Buffer, far: Socket): void {
    const [left] = this.cutsAfter
    this.sentBytes += bytes.length
    if (left === undefined || bytes.length < left) {
      if (left !== undefined) this.cutsAfter[0] = left - bytes.length
      far.write(bytes)
      return
    }
    this.cutsAfter.shift()
    far.write(bytes.subarray(0, left))
    this.dead = this.diesThen && this.cutsAfter.length === 0
    this.cut()
  }
  cut(): void {
    for (const one of this.#open) one.destroy()
  }
  async listen(): Promise<void> {
    this.port = await freePort()
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve))
  }
  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** The form in a real browser, the upload routes of the real API, and a real store behind a line that breaks. */
describe('a photo over a connection that breaks', function () {
  const screens = fakeScreens(this, { width: 390 })
  let folder: string
  let running: RunningObjects
  let line: Line
  let objects: Objects
  let world: World
  let app: FastifyInstance
  let page: Page
  let token: string
  let file: Buffer

  before(async () => {
    folder = mkdtempSync(`${tmpdir()}/hub-line-`)
    running = await startObjects(folder, await freePort())
    file = await sharp({ create: { width: 2000, height: 1300, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
      .jpeg({ quality: 92 })
      .toBuffer()
    // Many parts, and not so large that the page draws it smaller.
    expect(partsOf(file.length).length).to.be.within(6, 11)
  })
  after(async () => {
    await running?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(async () => {
    ;({ page } = screens)
    line = new Line(Number(new URL(running.url).port))
    await line.listen()
    const { accessKey, secretKey, buckets } = running
    objects = makeObjects({ endpoint: running.url, publicEndpoint: `http://127.0.0.1:${line.port}`, region: 'us-east-1', accessKey, secretKey, buckets })
    world = makeWorld()
    world.deps.objects = objects
    // The store knows its own time, and no other.
    world.deps.clock = { ...world.deps.clock, now: () => new Date(performance.timeOrigin + performance.now()) }
    app = await buildApp(world.deps)
    token = world.link({ expiresAt: '2099-01-01T00:00:00.000Z', startsAt: '2099-01-01T00:00:00.000Z', endsAt: '2099-01-01T01:00:00.000Z' }).token
    await page.route('**/api/intake/uploads**', async (route) => {
      const request = route.request()
      const payload = request.postDataJSON() as Record<string, unknown> | null
      const url = new URL(request.url()).pathname
      const answer = await app.inject({ method: 'POST', url, headers: linkHeaders(token), ...(payload ? { payload } : {}) })
      await route.fulfill({ status: answer.statusCode, contentType: 'application/json', body: answer.body })
    })
    screens.hub.store(`http://127.0.0.1:${line.port}`)
  })
  afterEach(async () => {
    await app?.close()
    objects?.close()
    await line?.close()
  })

  const open = () => page.goto(`${screens.hub.url}/i/a-token-of-a-link#/card-front`)
  const choose = (buffer = file, name = 'card.jpg', mimeType = 'image/jpeg') => page.locator('#photo-file').setInputFiles({ name, mimeType, buffer })
  const received = () => page.getByText('Photo received').waitFor({ timeout: 60_000 })
  /** Parts that are there whole: a store may keep what it got of one that broke off. */
  const arrived = async (): Promise<number> => {
    const [upload] = world.uploads.values()
    if (!upload) return 0
    const there = await objects.inQuarantine(`${upload.quarantineKey}/`)
    return partsOf(upload.bytes ?? 0).filter((bytes, at) => there.get(partKey(upload.quarantineKey, at)) === bytes).length
  }
  async function until(what: string, good: () => Promise<boolean> | boolean): Promise<void> {
    const endMs = performance.now() + 60_000
    while (!(await good())) {
      if (performance.now() > endMs) throw new Error(what)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  /** What lies in quarantine, put together: byte for byte what was chosen, under one ticket. */
  async function whole(): Promise<Buffer> {
    expect([...world.uploads.values()].map(({ status }) => status)).to.deep.equal(['quarantined'])
    const [upload] = world.uploads.values()
    const parts = partsOf(upload?.bytes ?? 0).map((_, at) => objects.get('quarantine', partKey(upload?.quarantineKey ?? '', at), limits.uploadBytesMax))
    return Buffer.concat((await Promise.all(parts)).map((part) => part ?? Buffer.alloc(0)))
  }
  /** Two parts travel at a time; a break costs them, and nothing that came before. */
  const lostAtMost = (breaks: number) => breaks * 2 * limits.uploadPartBytes
  const headersAtMost = 100_000

  it('goes on where it broke off, in the middle of a part, twice', async () => {
    line.cutsAfter = [700_000, 800_000]
    await open()
    await choose()
    await received()
    expect(line.cutsAfter).to.deep.equal([])
    expect((await whole()).equals(file)).to.equal(true)
    expect(line.sentBytes).to.be.lessThan(file.length + lostAtMost(2) + headersAtMost)
  })

  it('waits while the phone has no connection, and goes on by itself when it is back', async () => {
    await open()
    line.cutsAfter = [600_000]
    line.diesThen = true
    await choose()
    await until('the first parts', async () => line.dead)
    await page.context().setOffline(true)
    line.dead = false
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(await page.getByText('Photo received').isVisible()).to.equal(false)
    await page.context().setOffline(false)
    await received()
    expect((await whole()).equals(file)).to.equal(true)
    expect(line.sentBytes).to.be.lessThan(file.length + lostAtMost(2) + headersAtMost)
  })

  it('is not sent twice when the page was loaded anew and the same photo is chosen again', async () => {
    await open()
    line.cutsAfter = [1_200_000]
    line.diesThen = true
    await choose()
    await until('the first parts', async () => line.dead)
    await page.reload()
    const before = await arrived()
    expect(before).to.be.greaterThan(2)
    line.dead = false
    line.sentBytes = 0
    await choose()
    await received()
    expect((await whole()).equals(file)).to.equal(true)
    expect(line.sentBytes).to.be.lessThan(file.length - before * limits.uploadPartBytes + headersAtMost)
  })

  it('says so when nothing gets through, keeps what arrived, and sends the rest at a press of a button', async () => {
    await open()
    line.cutsAfter = [1_500_000]
    line.diesThen = true
    await choose()
    await until('the first parts', async () => line.dead)
    await page.getByRole('button', { name: 'Send it again' }).waitFor({ timeout: 60_000 })
    const before = await arrived()
    line.dead = false
    line.sentBytes = 0
    await page.getByRole('button', { name: 'Send it again' }).click()
    await received()
    expect((await whole()).equals(file)).to.equal(true)
    expect(before).to.be.greaterThan(3)
    // Of the two that were under way the page may not have heard that they arrived.
    expect(line.sentBytes).to.be.lessThan(file.length - before * limits.uploadPartBytes + lostAtMost(1) + headersAtMost)
  })

  it('is sent as it is when the browser cannot read it: a phone’s HEIC, with or without a type', async () => {
    await open()
    for (const mimeType of ['image/heic', '']) {
      world.uploads.clear()
      const heic = heicPhoto({ quarterTurns: mimeType === '' ? 1 : 0 })
      await choose(heic, 'IMG_0001.HEIC', mimeType)
      await until('the photo', () => [...world.uploads.values()].some(({ status }) => status === 'quarantined'))
      expect((await whole()).equals(heic)).to.equal(true)
      expect([...world.uploads.values()].map(({ contentType }) => contentType)).to.deep.equal(['image/heic'])
    }
  })
})
