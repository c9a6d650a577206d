import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect } from 'chai'
import { type RunningObjects, startObjects } from './objects.ts'
import { freePort } from './ports.ts'

const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array.from({ length: 2000 }, (_, i) => i % 251)])

describe('docker/local/objects', function () {
  this.timeout(30_000)
  let folder: string
  let objects: RunningObjects
  let client: S3Client
  const clientWith = (secretAccessKey: string, accessKeyId = objects.accessKey) =>
    new S3Client({ region: 'us-east-1', endpoint: objects.url, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  const put = (key: string) => new PutObjectCommand({ Bucket: objects.buckets.quarantine, Key: key, ContentType: 'image/jpeg' })
  const signedPut = (key: string, by = client, expiresIn = 60) => getSignedUrl(by, put(key), { expiresIn, signableHeaders: new Set(['content-type']) })
  const send = (url: string, headers: Record<string, string> = { 'content-type': 'image/jpeg' }) => fetch(url, { method: 'PUT', body: photo, headers })

  before(async () => {
    folder = mkdtempSync(`${tmpdir()}/hub-objects-`)
    objects = await startObjects(folder, await freePort())
    client = clientWith(objects.secretKey)
  })
  after(async () => {
    client?.destroy()
    await objects?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('takes a photo by signed URL and gives back the same bytes by another', async () => {
    const key = 'tenant 1/card front+é.jpg'
    const sent = await send(await signedPut(key))
    expect(sent.status, await sent.text()).to.equal(200)
    const got = await fetch(await getSignedUrl(client, new GetObjectCommand({ Bucket: objects.buckets.quarantine, Key: key }), { expiresIn: 60 }))
    expect(got.status).to.equal(200)
    expect(got.headers.get('content-type')).to.equal('image/jpeg')
    expect(Buffer.from(await got.arrayBuffer()).equals(photo)).to.equal(true)
  })

  it('serves the SDK itself: put, get, remove, in both buckets', async () => {
    for (const Bucket of Object.values(objects.buckets)) {
      await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: photo, ContentType: 'image/jpeg' }))
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a' }))
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(photo), Bucket).to.equal(true)
      await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
      const gone = await client.send(new GetObjectCommand({ Bucket, Key: 'a' })).then(
        () => 'still there',
        (error: Error) => error.name,
      )
      expect(gone).to.equal('NoSuchKey')
    }
  })

  for (const origin of ['http://localhost:5173', 'http://127.0.0.1:7400']) {
    it(`lets a page from ${origin} put: preflight, then the photo`, async () => {
      const url = await signedPut('from-browser')
      const asked = await fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' },
      })
      expect(asked.status).to.equal(200)
      expect(asked.headers.get('access-control-allow-origin')).to.be.oneOf(['*', origin])
      expect(asked.headers.get('access-control-allow-methods')).to.contain('PUT')
      expect(asked.headers.get('access-control-allow-headers')).to.contain('content-type')
      const sent = await send(url, { origin, 'content-type': 'image/jpeg' })
      expect(sent.status).to.equal(200)
      expect(sent.headers.get('access-control-allow-origin')).to.be.oneOf(['*', origin])
    })
  }

  it('lets no page of another origin put', async () => {
    const asked = await fetch(await signedPut('from-elsewhere'), {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'PUT' },
    })
    expect(asked.status).to.equal(403)
    expect(asked.headers.get('access-control-allow-origin')).to.equal(null)
  })

  it('refuses what was not signed, was signed with another key, was changed, or has expired', async () => {
    const unsigned = `${objects.url}/${objects.buckets.quarantine}/x`
    const wrongSecret = clientWith('wrong')
    const wrongKey = clientWith(objects.secretKey, 'HUBSOMEBODYELSE')
    const good = await signedPut('x')
    const short = await signedPut('x', client, 1)
    const refused: Record<string, [string, Record<string, string>?]> = {
      AccessDenied: [unsigned],
      'SignatureDoesNotMatch, secret': [await signedPut('x', wrongSecret)],
      InvalidAccessKeyId: [await signedPut('x', wrongKey)],
      'SignatureDoesNotMatch, key': [good.replace('/x?', '/y?')],
      'SignatureDoesNotMatch, longer': [good.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
      'SignatureDoesNotMatch, type': [good, { 'content-type': 'text/html' }],
    }
    for (const [expected, [url, headers]] of Object.entries(refused)) {
      const answer = await send(url, headers)
      expect(answer.status, expected).to.equal(403)
      expect(await answer.text(), expected).to.contain(expected.split(',')[0])
    }
    // The signature's time has whole seconds: poll until the second is over.
    const deadline = performance.now() + 10_000
    let status = 200
    while (status === 200 && performance.now() < deadline) status = (await send(short)).status
    expect(status, 'after it expired').to.equal(403)
    wrongSecret.destroy()
    wrongKey.destroy()
  })

  it('keeps its keys and its files when it is started again', async () => {
    await send(await signedPut('kept'))
    const before = { accessKey: objects.accessKey, secretKey: objects.secretKey }
    await objects.stop()
    objects = await startObjects(folder, await freePort())
    expect({ accessKey: objects.accessKey, secretKey: objects.secretKey }).to.deep.equal(before)
    client.destroy()
    client = clientWith(objects.secretKey)
    const got = await client.send(new GetObjectCommand({ Bucket: objects.buckets.quarantine, Key: 'kept' }))
    expect((await got.Body?.transformToByteArray())?.length).to.equal(photo.length)
  })
})
