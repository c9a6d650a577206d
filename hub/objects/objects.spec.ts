import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ObjectTooLarge } from '@heliox/core/kit'
import { expect } from 'chai'
import { makeObjects, makePass, type Objects } from './index.ts'

/** The S3 server of development ships no types, and does not check V4 signatures: what is signed is asserted on the URL. */
interface S3Server {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: Record<string, unknown>) => S3Server

describe('hub/objects', () => {
  let server: S3Server
  let folder: string
  let objects: Objects
  let origin: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heliox-objects-'))
    server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder })
    const address: AddressInfo = await server.run()
    origin = `http://127.0.0.1:${address.port}`
    objects = makeObjects({
      endpoint: origin,
      publicEndpoint: origin,
      region: 'us-east-1',
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
      buckets: { quarantine: 'quarantine', clean: 'clean-photos' },
    })
    await objects.ensureBuckets()
  })
  after(async () => {
    objects.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives back what was put, and undefined for what is not there', async () => {
    await objects.put('clean', 'a/b', Buffer.from('bytes'), 'image/png')
    expect((await objects.get('clean', 'a/b', 100))?.toString()).to.equal('bytes')
    expect(await objects.get('clean', 'a/none', 100)).to.equal(undefined)
    await objects.remove('clean', 'a/b')
    expect(await objects.get('clean', 'a/b', 100)).to.equal(undefined)
  })

  it('stops reading at the limit', async () => {
    await objects.put('quarantine', 'large', Buffer.alloc(2_000_000), 'image/png')
    const error = await objects.get('quarantine', 'large', 1_000).then(
      () => undefined,
      (e: unknown) => e,
    )
    expect(error).to.be.instanceOf(ObjectTooLarge)
    expect((await objects.get('quarantine', 'large', 2_000_000))?.byteLength).to.equal(2_000_000)
  })

  it('is harmless when the buckets are there already', async () => {
    await objects.ensureBuckets()
  })

  it('lets a browser put one object into quarantine, with host, content type and length signed', async () => {
    const url = await objects.putUrl('t/u1', { contentType: 'image/jpeg', bytes: 5 })
    expect(new URL(url).pathname).to.equal('/quarantine/t/u1')
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).to.equal('content-length;content-type;host')
    expect(new URL(url).searchParams.get('X-Amz-Expires')).to.equal('600')
    expect(url).not.to.match(/checksum/i)
    const taken = await fetch(url, { method: 'PUT', body: 'photo', headers: { 'content-type': 'image/jpeg' } })
    expect(taken.status).to.equal(200)
    expect((await objects.get('quarantine', 't/u1', 100))?.toString()).to.equal('photo')
  })

  it('tells what lies in quarantine under a beginning, with its length, and nothing of its neighbours', async () => {
    await objects.put('quarantine', 't/u2/000', Buffer.alloc(5), 'image/jpeg')
    await objects.put('quarantine', 't/u2/001', Buffer.alloc(3), 'image/jpeg')
    await objects.put('quarantine', 't/u22/000', Buffer.alloc(9), 'image/jpeg')
    expect([...(await objects.inQuarantine('t/u2/'))]).to.deep.equal([
      ['t/u2/000', 5],
      ['t/u2/001', 3],
    ])
    expect((await objects.inQuarantine('t/none/')).size).to.equal(0)
  })

  it('knows its own pass, and none in which a word was changed or that another key signed', () => {
    const facts = { tenantId: 't', holder: 'h', uploadId: 'u', size: 'full', endsAt: 1_000 }
    const signature = objects.pass.sign(facts)
    expect(objects.pass.fits(facts, signature)).to.equal(true)
    for (const change of [{ tenantId: 'x' }, { holder: 'x' }, { uploadId: 'x' }, { size: 'thumb' }, { endsAt: 1_001 }])
      expect(objects.pass.fits({ ...facts, ...change }, signature), JSON.stringify(change)).to.equal(false)
    for (const wrong of ['', signature.slice(1), makePass('another').sign(facts)]) expect(objects.pass.fits(facts, wrong)).to.equal(false)
  })
})
