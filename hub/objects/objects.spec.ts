import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ObjectTooLarge } from '@heliox/core/kit'
import { expect } from 'chai'
import { makeObjects, type Objects } from './index.ts'

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

  it('lets a browser put one object into quarantine, with host and content type signed', async () => {
    const url = await objects.putUrl('t/u1', { contentType: 'image/jpeg' })
    expect(new URL(url).pathname).to.equal('/quarantine/t/u1')
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).to.equal('content-type;host')
    expect(new URL(url).searchParams.get('X-Amz-Expires')).to.equal('600')
    expect(url).not.to.match(/checksum/i)
    const taken = await fetch(url, { method: 'PUT', body: 'photo', headers: { 'content-type': 'image/jpeg' } })
    expect(taken.status).to.equal(200)
    expect((await objects.get('quarantine', 't/u1', 100))?.toString()).to.equal('photo')
  })

  it('signs the length when it is given', async () => {
    const url = await objects.putUrl('t/u2', { contentType: 'image/jpeg', bytes: 5 })
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).to.equal('content-length;content-type;host')
    const taken = await fetch(url, { method: 'PUT', body: 'photo', headers: { 'content-type': 'image/jpeg' } })
    expect(taken.status).to.equal(200)
  })

  it('serves out of the clean bucket only, uncached, and never for longer than the limit', async () => {
    await objects.put('clean', 't/u3', Buffer.from('clean'), 'application/octet-stream')
    const url = await objects.getUrl('t/u3', { contentType: 'image/jpeg', expiresSeconds: 999_999 })
    expect(new URL(url).pathname).to.equal('/clean-photos/t/u3')
    expect(Number(new URL(url).searchParams.get('X-Amz-Expires'))).to.equal(120)
    expect(new URL(url).searchParams.get('response-cache-control')).to.equal('no-store')
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).to.equal('image/jpeg')
    expect(await answer.text()).to.equal('clean')
  })
})
