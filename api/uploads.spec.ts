import { limits, sha256Hex } from '@heliox/core/kit'
import { partKey, partsOf } from '@heliox/core/media'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { linkHeaders, makeWorld, staffHeaders, type World } from './testing/fakes.ts'

describe('photos on their way in', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())
  const photo = { kind: 'card-front', contentType: 'image/jpeg', bytes: 2 * limits.uploadPartBytes + 17, sha256: 'a'.repeat(64) }
  const ask = async (token: string, body: Record<string, unknown> = photo) =>
    app.inject({ method: 'POST', url: '/api/intake/uploads', headers: linkHeaders(token), payload: body })
  const complete = (token: string, uploadId: string) =>
    app.inject({ method: 'POST', url: `/api/intake/uploads/${uploadId}/complete`, headers: linkHeaders(token) })
  const arrive = (uploadId: string, at: number, bytes: number): void => {
    const { quarantineKey } = world.uploads.get(uploadId) ?? { quarantineKey: '' }
    world.objects.set(`quarantine:${partKey(quarantineKey, at)}`, Buffer.alloc(bytes))
  }

  it('get a signed PUT for each part, bound to its length, under names of ours', async () => {
    const { token, facts } = world.link()
    const ticket = (await ask(token)).json()
    expect(ticket.parts.map(({ bytes }: { bytes: number }) => bytes)).to.deep.equal([limits.uploadPartBytes, limits.uploadPartBytes, 17])
    expect(ticket.parts.map(({ putUrl }: { putUrl: string }) => putUrl)).to.deep.equal(
      [limits.uploadPartBytes, limits.uploadPartBytes, 17].map(
        (bytes, at) => `http://objects.example/quarantine/${facts.tenantId}/${facts.intakeId}/${ticket.uploadId}/00${at}?bytes=${bytes}&type=image%2Fjpeg`,
      ),
    )
    expect(ticket.headers).to.deep.equal({ 'content-type': 'image/jpeg' })
  })

  it('take no name from anybody: two endings, a NUL or a turned-around one have nowhere to go', async () => {
    const { token } = world.link()
    for (const name of ['card.jpg.html', 'card.jpg\0.php', 'card\u202Egpj.exe', '../../clean/card.jpg']) {
      for (const field of ['name', 'fileName', 'key']) expect((await ask(token, { ...photo, [field]: name })).statusCode, `${field} ${name}`).to.equal(400)
      for (const field of ['kind', 'contentType', 'sha256'])
        expect((await ask(token, { ...photo, [field]: name })).statusCode, `${field} ${name}`).to.equal(400)
    }
    expect(world.uploads.size).to.equal(0)
  })

  it('are refused before there is a URL when they are empty, have 25 MB, or are of a type that nobody asked for', async () => {
    const { token } = world.link()
    for (const wrong of [{ bytes: 0 }, { bytes: 25_000_000 }, { contentType: 'image/svg+xml' }, { contentType: 'image/gif' }, { sha256: 'A'.repeat(64) }])
      expect((await ask(token, { ...photo, ...wrong })).statusCode, JSON.stringify(wrong)).to.equal(400)
    expect((await ask(token, { ...photo, contentType: 'image/heic' })).statusCode).to.equal(201)
  })

  it('go on where they broke off: what has arrived gets no URL, and half a part counts for nothing', async () => {
    const { token } = world.link()
    const { uploadId } = (await ask(token)).json()
    arrive(uploadId, 0, limits.uploadPartBytes)
    arrive(uploadId, 1, 100)
    const again = (await ask(token)).json()
    expect(again.uploadId).to.equal(uploadId)
    expect(again.parts.map(({ putUrl }: { putUrl: string | null }) => putUrl !== null)).to.deep.equal([false, true, true])
    expect((await ask(token, { ...photo, sha256: 'b'.repeat(64) })).json().uploadId).to.not.equal(uploadId)
    expect((await ask(world.link().token)).json().uploadId).to.not.equal(uploadId)
  })

  it('are complete when every part is there, and not before', async () => {
    const { token } = world.link()
    const { uploadId } = (await ask(token)).json()
    for (const [at, bytes] of partsOf(photo.bytes).entries()) {
      expect((await complete(token, uploadId)).json().error.code).to.equal('upload-incomplete')
      arrive(uploadId, at, bytes)
    }
    expect(world.uploads.get(uploadId)?.status).to.equal('expected')
    for (const _ of [1, 2]) expect((await complete(token, uploadId)).statusCode).to.equal(202)
    expect(world.uploads.get(uploadId)?.status).to.equal('quarantined')
  })

  it('are not taken for complete while the store does not answer, and can be sent all the same', async () => {
    const { token } = world.link()
    const { uploadId } = (await ask(token)).json()
    world.deps.objects.inQuarantine = async () => {
      throw new Error('connect ECONNREFUSED')
    }
    expect((await complete(token, uploadId)).json().error.code).to.equal('storage-away')
    expect(world.uploads.get(uploadId)?.status).to.equal('expected')
    const again = (await ask(token)).json()
    expect([again.uploadId, again.parts.every(({ putUrl }: { putUrl: string | null }) => putUrl !== null)]).to.deep.equal([uploadId, true])
  })
})

describe('photos on their way out', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app.close())
  const picture = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3])
  const put = (body: Buffer) => world.objects.set('clean:k', body)
  const clean = (body = picture) => {
    put(body)
    return world.upload(world.link({ status: 'submitted' }).facts, { status: 'clean', clean: { key: 'k', sha256: sha256Hex(picture) } })
  }
  const urlOf = async (uploadId: string, token: string): Promise<{ url: string; thumbUrl: string }> =>
    (await app.inject({ url: `/api/clinic/photos/${uploadId}/url`, headers: staffHeaders(token) })).json()
  const look = (url: string, token: string) => app.inject({ url, headers: staffHeaders(token) })
  const codeOf = async (url: string, token: string) => (await look(url, token)).json().error?.code
  const desk = () => world.session(['front-desk']).cookie

  it('are pictures and nothing else, kept by nobody', async () => {
    const token = desk()
    const { url, thumbUrl } = await urlOf(clean().id, token)
    for (const one of [url, thumbUrl]) {
      const answer = await look(one, token)
      expect(answer.statusCode).to.equal(200)
      expect(answer.rawPayload).to.deep.equal(picture)
      expect(answer.headers).to.include({
        'content-type': 'image/jpeg',
        'content-disposition': 'inline; filename="card-front.jpg"',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      })
      expect(answer.headers['content-security-policy']).to.match(/^default-src 'none'; sandbox;/)
    }
    expect(world.audits.map(({ action, outcome }) => [action, outcome])).to.deep.equal([['photo.read', 'ok']])
  })

  it('stay the patient’s until the form is sent: the desk sees that one is there, and opens none', async () => {
    const token = desk()
    put(picture)
    const { facts } = world.link({ status: 'opened' })
    const { id } = world.upload(facts, { status: 'clean', clean: { key: 'k', sha256: sha256Hex(picture) } })
    const asked = await app.inject({ url: `/api/clinic/photos/${id}/url`, headers: staffHeaders(token) })
    expect([asked.statusCode, asked.json().error.code]).to.deep.equal([409, 'form-not-sent'])
    expect(world.audits).to.deep.equal([])
    const listed = (await app.inject({ url: `/api/clinic/intakes/${facts.intakeId}/photos`, headers: staffHeaders(token) })).json()
    expect(listed.items).to.deep.equal([{ id, kind: 'card-front', status: 'clean', reason: null, sent: false }])
    facts.status = 'submitted'
    const { url } = await urlOf(id, token)
    expect((await look(url, token)).statusCode).to.equal(200)
    // An address alone opens nothing either.
    facts.status = 'opened'
    expect(await codeOf(url, token)).to.equal('form-not-sent')
  })

  it('are refused when they are no longer what was scanned, which is written down', async () => {
    const token = desk()
    const { id } = clean()
    const { url, thumbUrl } = await urlOf(id, token)
    for (const other of [Buffer.from('<script>x()</script>'), Buffer.concat([picture, Buffer.from([0])]), Buffer.alloc(0)]) {
      put(other)
      for (const one of [url, thumbUrl]) {
        const answer = await look(one, token)
        expect([answer.statusCode, answer.json().error.code]).to.deep.equal([409, 'photo-changed'])
      }
    }
    expect(world.audits.filter(({ outcome }) => outcome === 'denied')).to.have.length(6)
    expect(world.logLines.join('')).to.contain('not what was scanned')
    put(picture)
    expect((await look(url, token)).statusCode).to.equal(200)
  })

  it('open only by the whole address, in the browser it was given to, for two minutes', async () => {
    const token = desk()
    const { id } = clean()
    const { url } = await urlOf(id, token)
    expect(await codeOf(url, desk()), 'another session').to.equal('not-found')
    expect((await app.inject({ url })).statusCode, 'no session').to.equal(401)
    const other = clean().id
    for (const changed of [
      url.replace('/full?', '/thumb?'),
      url.replace(id, other),
      url.replace(/until=\d+/, 'until=9999999999999'),
      url.replace(/pass=(.)/, (_, first) => `pass=${first === 'A' ? 'B' : 'A'}`),
    ])
      expect(await codeOf(changed, token), changed).to.equal('not-found')
    for (const changed of [url.split('?')[0] ?? '', url.replace('/full?', '/huge?'), url.replace(id, 'x')])
      expect((await look(changed, token)).statusCode, changed).to.equal(400)
    const begun = world.deps.clock.now().getTime()
    const at = (seconds: number) => {
      world.deps.clock = { ...world.deps.clock, now: () => new Date(begun + seconds * 1000) }
    }
    at(limits.clearUrlSecondsMax - 1)
    expect((await look(url, token)).statusCode).to.equal(200)
    at(limits.clearUrlSecondsMax)
    expect(await codeOf(url, token)).to.equal('photo-url-ended')
  })

  it('are not served once they are not clean, or not there', async () => {
    const token = desk()
    const upload = clean()
    const { url } = await urlOf(upload.id, token)
    world.objects.clear()
    expect(await codeOf(url, token)).to.equal('not-found')
    put(picture)
    upload.status = 'rejected'
    expect(await codeOf(url, token)).to.equal('not-found')
  })
})
