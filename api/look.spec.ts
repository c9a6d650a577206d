import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import { buildApp } from './app.ts'
import { cleanLogo, logoBytesMax } from './kit/logo.ts'
import { staffHeaders } from './testing/clinics.ts'
import { makeWorld, type World } from './testing/fakes.ts'

const png = (width = 300, height = 100): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: '#1f6f5c' } })
    .png()
    .toBuffer()
const asUrl = (bytes: Buffer, type = 'png'): string => `data:image/${type};base64,${bytes.toString('base64')}`

describe('how patients see a clinic', () => {
  let world: World
  let app: FastifyInstance
  beforeEach(async () => {
    world = makeWorld()
    app = await buildApp(world.deps)
  })
  afterEach(() => app?.close())
  const wanted = { brandColour: '#0F5F6B', contactPhone: '+49 221 555 0142', languages: ['de', 'fr'] }
  const save = (headers: Record<string, string>, body: object = wanted) => app.inject({ method: 'PUT', url: '/api/admin/look', headers, payload: body })

  it('is an administrator’s to change, and nobody else’s to read', async () => {
    const admin = staffHeaders(world.session(['admin']).cookie)
    const ops = staffHeaders(world.session(['ops', 'front-desk', 'analyst']).cookie)
    expect((await save(ops)).statusCode).to.equal(403)
    expect((await app.inject({ url: '/api/admin/look', headers: ops })).statusCode).to.equal(403)
    const answer = await save(admin)
    expect(answer.json()).to.deep.equal({ ...wanted, name: 'Lakeside Clinic', brandColour: '#0f5f6b', logoUrl: null })
    expect((await app.inject({ url: '/api/admin/look', headers: admin })).json()).to.deep.equal(answer.json())
    expect(world.audits.filter(({ action, outcome }) => action === 'clinic.write' && outcome === 'ok')).to.have.length(1)
  })

  it('takes no colour on which white cannot be read, and no language that the hub does not speak', async () => {
    const headers = staffHeaders(world.session(['admin']).cookie)
    const wrong: [object, string][] = [
      [{ ...wanted, brandColour: '#ffd700' }, 'brandColour'],
      [{ ...wanted, brandColour: '#767677; }' }, 'brandColour'],
      [{ ...wanted, languages: ['en', 'it'] }, 'languages.1'],
      [{ ...wanted, languages: [] }, 'languages'],
      [{ ...wanted, languages: ['en', 'en'] }, 'languages'],
      [{ ...wanted, logo: 'https://elsewhere.example/logo.png' }, 'logo'],
    ]
    for (const [body, path] of wrong) {
      const answer = await save(headers, body)
      expect([answer.statusCode, answer.json().error.fields[0].path], JSON.stringify(body)).to.deep.equal([400, path])
    }
    expect(world.audits.filter(({ action, outcome }) => action === 'clinic.write' && outcome === 'ok')).to.deep.equal([])
  })

  it('has a logo that is drawn anew, under an address that changes with it, and can be taken away', async () => {
    const headers = staffHeaders(world.session(['admin']).cookie)
    const withGps = await sharp(await png())
      .withExif({ IFD0: { Copyright: 'SECRET-MARK' } })
      .png()
      .toBuffer()
    const { logoUrl } = (await save(headers, { ...wanted, logo: asUrl(withGps) })).json()
    expect(logoUrl).to.match(/^\/logo\/[0-9a-f-]{36}\/[0-9a-f]{64}\.png$/)
    const picture = await app.inject({ url: logoUrl })
    expect(picture.headers).to.include({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    expect(picture.rawPayload.includes('SECRET-MARK')).to.equal(false)
    expect(await sharp(picture.rawPayload).metadata()).to.include({ format: 'png', width: 300, height: 100 })
    expect((await save(headers)).json().logoUrl, 'left out it stays').to.equal(logoUrl)
    expect((await save(headers, { ...wanted, logo: null })).json().logoUrl).to.equal(null)
    for (const url of ['/logo/x/y.png', `/logo/${'0'.repeat(8)}-0000-4000-8000-000000000000/${'a'.repeat(64)}.png`]) {
      expect((await app.inject({ url })).statusCode, url).to.equal(404)
    }
  })

  it('reads PNG and JPEG alone, by their bytes, and small: what else is in a file is not kept', async () => {
    const jpeg = await sharp(await png())
      .jpeg()
      .toBuffer()
    expect((await sharp(await cleanLogo(asUrl(jpeg, 'jpeg'))).metadata()).format).to.equal('png')
    const drawn = await cleanLogo(asUrl(Buffer.concat([await png(), Buffer.from('<script>alert(1)</script>')])))
    expect(drawn?.includes('script')).to.equal(false)
    expect(await sharp(await cleanLogo(asUrl(await png(1200, 400)))).metadata()).to.include({ width: 432, height: 144 })
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const noise = await sharp(Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, n) => (n * 7919 + (n % 251) * 31) % 256)), {
      raw: { width: 200, height: 200, channels: 3 },
    })
      .png()
      .toBuffer()
    const refused = [
      svg,
      Buffer.from('GIF89a'),
      (await png()).subarray(0, 60),
      Buffer.alloc(0),
      Buffer.concat([await png(), Buffer.alloc(logoBytesMax)]),
      await png(6000, 6000),
    ]
    for (const [at, bytes] of refused.entries()) expect(await cleanLogo(asUrl(bytes)), String(at)).to.equal(undefined)
    if (noise.length <= logoBytesMax) expect((await cleanLogo(asUrl(noise)))?.length).to.be.at.most(logoBytesMax)
  })
})
