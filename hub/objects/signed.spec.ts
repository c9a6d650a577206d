import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { partKey } from '@heliox/core/media'
import { expect } from 'chai'
import { type RunningObjects, startObjects } from '../../docker/local/objects.ts'
import { freePort } from '../../docker/local/ports.ts'
import { checkSignature } from '../../docker/local/signature.ts'
import { makeObjects, type Objects } from './index.ts'

/**
 * The S3 server of development takes any signature. So what our signer makes is held against a second reading of the rules, written apart from
 * it (`docker/local/signature.ts`), and that reading against the one example that the rules' author published.
 */
describe('the check of signatures', () => {
  // Of the published example; in pieces, so that nobody takes it for a key of ours.
  const keys = { accessKey: ['AKIA', 'IOSFODNN7EXAMPLE'].join(''), secretKey: ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/') }
  const published = 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
  const query = (changes: Record<string, string> = {}): string =>
    new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${keys.accessKey}/20130524/us-east-1/s3/aws4_request`,
      'X-Amz-Date': '20130524T000000Z',
      'X-Amz-Expires': '86400',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': published,
      ...changes,
    }).toString()
  const check = (changes: Record<string, string> = {}, over: { method?: string; path?: string; host?: string; secretKey?: string; at?: string } = {}) =>
    checkSignature(
      { method: over.method ?? 'GET', url: `${over.path ?? '/test.txt'}?${query(changes)}`, headers: { host: over.host ?? 'examplebucket.s3.amazonaws.com' } },
      { ...keys, secretKey: over.secretKey ?? keys.secretKey },
      new Date(over.at ?? '2013-05-24T10:00:00Z'),
    )

  it('finds the published example right', () => expect(check()).to.equal('ok'))

  it('finds it wrong when anything in it is another', () => {
    expect(check({}, { secretKey: 'another' })).to.equal('SignatureDoesNotMatch')
    expect(check({}, { method: 'PUT' })).to.equal('SignatureDoesNotMatch')
    expect(check({}, { path: '/test.txt2' })).to.equal('SignatureDoesNotMatch')
    expect(check({}, { host: 'otherbucket.s3.amazonaws.com' })).to.equal('SignatureDoesNotMatch')
    expect(check({ 'X-Amz-Expires': '86401' })).to.equal('SignatureDoesNotMatch')
    expect(check({ 'X-Amz-Signature': published.replace('a', 'b') })).to.equal('SignatureDoesNotMatch')
    expect(check({ 'X-Amz-Signature': '' })).to.equal('SignatureDoesNotMatch')
    expect(check({ 'X-Amz-SignedHeaders': '' })).to.equal('SignatureDoesNotMatch')
    expect(check({ extra: '1' })).to.equal('SignatureDoesNotMatch')
    expect(check({ 'X-Amz-Credential': `somebody/20130524/us-east-1/s3/aws4_request` })).to.equal('InvalidAccessKeyId')
    expect(check({}, { at: '2013-05-25T00:00:01Z' }), 'a second after its end').to.equal('AccessDenied')
    expect(check({}, { at: '2013-05-23T23:00:00Z' }), 'an hour before its time').to.equal('RequestTimeTooSkewed')
    expect(checkSignature({ method: 'GET', url: '/test.txt', headers: {} }, keys, new Date('2013-05-24T10:00:00Z'))).to.equal('AccessDenied')
  })
})

describe('what our signer makes, at a store that checks', () => {
  let folder: string
  let running: RunningObjects
  let objects: Objects
  let strangers: Objects
  const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4])
  const key = partKey('t/i/u', 0)
  const send = async (url: string, options: { method?: string; type?: string; body?: Buffer | null } = {}): Promise<number> => {
    const { method = 'PUT', type = 'image/jpeg', body = photo } = options
    const answer = await fetch(url, { method, headers: { 'content-type': type }, body: body && new Uint8Array(body) })
    await answer.arrayBuffer()
    return answer.status
  }

  before(async () => {
    folder = mkdtempSync(`${tmpdir()}/hub-signed-`)
    running = await startObjects(folder, await freePort())
    const settings = { endpoint: running.url, publicEndpoint: running.url, region: 'us-east-1', accessKey: running.accessKey, buckets: running.buckets }
    objects = makeObjects({ ...settings, secretKey: running.secretKey })
    strangers = makeObjects({ ...settings, secretKey: 'wrong' })
  })
  after(async () => {
    objects?.close()
    strangers?.close()
    await running?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const signed = (of = objects, bytes = photo.length) => of.putUrl(key, { contentType: 'image/jpeg', bytes })

  it('puts this part of this length and type there, and again the same', async () => {
    const url = await signed()
    expect([await send(url), await send(url)]).to.deep.equal([200, 200])
    expect(await objects.get('quarantine', key, 100)).to.deep.equal(photo)
    expect([...(await objects.inQuarantine('t/i/u/'))]).to.deep.equal([[key, photo.length]])
  })

  it('is refused with a wrong secret, and without any signature', async () => {
    expect(await send(await signed(strangers))).to.equal(403)
    expect(await send((await signed()).split('?')[0] ?? '')).to.equal(403)
  })

  it('puts nothing else: no other part, upload or clinic, no other bucket, type or length, and not for longer', async () => {
    const url = await signed()
    const tampered = {
      'another part': url.replace('/000?', '/001?'),
      'another upload': url.replace('/u/', '/v/'),
      'another clinic': url.replace('/t/', '/x/'),
      'the clean bucket': url.replace(running.buckets.quarantine, running.buckets.clean),
      'a longer life': url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'),
      'fewer signed headers': url.replace('content-length%3Bcontent-type%3Bhost', 'host'),
    }
    for (const [what, changed] of Object.entries(tampered)) {
      expect(changed, what).to.not.equal(url)
      expect(await send(changed), what).to.equal(403)
    }
    expect(await send(url, { type: 'text/html' }), 'another type').to.equal(403)
    expect(await send(url, { body: Buffer.concat([photo, Buffer.from([0])]) }), 'one byte more').to.equal(403)
    expect(await send(url, { body: photo.subarray(1) }), 'one byte less').to.equal(403)
    expect((await objects.inQuarantine('')).size).to.equal(1)
  })

  it('reads nothing and takes nothing away: neither what was put, nor a list, nor the clean bucket', async () => {
    const url = await signed()
    await objects.put('clean', key, photo, 'image/jpeg')
    for (const method of ['GET', 'DELETE', 'POST']) {
      expect(await send(url, { method, body: null }), method).to.equal(403)
      expect(await send(url.replace(`/${key}`, ''), { method, body: null }), `${method} of the bucket`).to.equal(403)
    }
    expect(await objects.get('quarantine', key, 100)).to.deep.equal(photo)
  })
})
