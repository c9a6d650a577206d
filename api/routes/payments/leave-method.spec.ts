import type { PaymentStore } from '@heliox/core/ports'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../app.ts'
import { linkHeaders, makeWorld, type World } from '../../testing/fakes.ts'

const authorisation = { textId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d1a', textSha256: 'a'.repeat(64), granted: true }
const body = { methodId: '0b0e6b0a-2f0c-4d57-9a53-6a3c1a0f9d18', confirmationTokenId: 'ctoken_12345678', authorisation }

describe('a card that a patient leaves when they are asked for another one', () => {
  let world: World
  let app: FastifyInstance
  let left: Parameters<PaymentStore['leaveMethod']>[1][]
  let answer: Awaited<ReturnType<PaymentStore['leaveMethod']>>
  beforeEach(async () => {
    world = makeWorld()
    ;[left, answer] = [[], 'offered']
    const leaveMethod: PaymentStore['leaveMethod'] = async (_link, wish) => {
      left.push(wish)
      return answer
    }
    app = await buildApp({ ...world.deps, payments: { ...world.deps.payments, leaveMethod } })
  })
  afterEach(() => app?.close())
  const post = (payload: object) =>
    app.inject({
      ...{ method: 'POST', url: '/api/intake/method', payload, remoteAddress: '192.0.2.44' },
      headers: { ...linkHeaders(world.link({ status: 'submitted', proof: 'given' }).token), 'user-agent': 'a phone' },
    })

  it('goes on with the text that was ticked, and from where, by which clock it was', async () => {
    expect((await post(body)).statusCode).to.equal(204)
    const { textId, textSha256 } = authorisation
    expect(left).to.deep.equal([
      {
        ...{ id: body.methodId, confirmationTokenId: body.confirmationTokenId },
        authorisation: { textId, textSha256, signedFrom: { userAgent: 'a phone', ip: '192.0.2.44' }, timeZone: 'America/Chicago' },
      },
    ])
  })

  it('is refused without the tick, whatever else is there', async () => {
    const { authorisation: _, ...without } = body
    for (const [why, payload, path] of [
      ['no authorisation', without, 'authorisation'],
      ['not granted', { ...body, authorisation: { ...authorisation, granted: false } }, 'authorisation.granted'],
      ['no hash', { ...body, authorisation: { textId: authorisation.textId, granted: true } }, 'authorisation.textSha256'],
    ] as const) {
      const refused = await post(payload)
      expect(refused.statusCode, why).to.equal(400)
      expect(
        refused.json().error.fields.map((field: { path: string }) => field.path),
        why,
      ).to.include(path)
    }
    expect(left).to.deep.equal([])
  })

  it('under a text that is not in force is refused at that field', async () => {
    answer = 'not-shown'
    const refused = await post(body)
    expect([refused.statusCode, refused.json().error.code]).to.deep.equal([400, 'invalid'])
    expect(refused.json().error.fields).to.deep.equal([{ path: 'authorisation', message: 'must be the text about keeping a card that is in force' }])
  })
})
