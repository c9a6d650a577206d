import { expect } from 'chai'
import type { Simulator } from '../../contract-suite.ts'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { FhirConnection } from '../config.ts'
import { config } from '../fixtures/visit.ts'
import { checkHealth } from '../health.ts'
import { startEhr } from '../testing/ehr.ts'
import { keySet, newKey, publicSet } from '../testing/keys.ts'
import type { FhirContext } from '../types.ts'

const key = newKey('one')

describe('the EHR adapter, let in by SMART backend services', () => {
  let sim: Simulator
  let ctx: () => FhirContext
  before(async () => {
    sim = await startEhr()
    const auth = { kind: 'smart-backend', clientId: 'hub', scope: 'system/Patient.crus' }
    await sim.control('PUT', '/_sim/smart', { clientId: auth.clientId, jwks: publicSet(key), scope: auth.scope, tokenSeconds: 300 })
    const nowMs = Date.parse(((await sim.control('GET', '/_sim/clock')) as { now: string }).now)
    const quiet = () => undefined
    ctx = () => ({
      config: FhirConnection.parse({ ...config, baseUrl: sim.url, auth }),
      secrets: { signingKeys: keySet(key) },
      idempotencyKey: 'health',
      signal: AbortSignal.timeout(10_000),
      log: { info: quiet, warn: quiet, error: quiet },
      now: () => new Date(nowMs),
      production: false,
      objects: noObjects,
      numbers: memoryNumbers(),
      locks: memoryLocks(),
    })
  })
  after(() => sim.stop())
  const given = async () => ((await sim.control('GET', '/_sim/smart')) as { tokensGiven: number }).tokensGiven

  it('asks for one token, and for one more when the EHR takes it back', async () => {
    expect(await checkHealth(ctx())).to.deep.include({ ok: true })
    expect(await given()).to.equal(1)
    await sim.post('/_sim/smart/forget-tokens')
    expect(await checkHealth(ctx())).to.deep.include({ ok: true })
    expect(await given()).to.equal(2)
  })
  it('is not healthy without keys', async () => {
    expect(await checkHealth({ ...ctx(), secrets: { token: 'a-fixed-token' } })).to.deep.include({ ok: false })
  })
})
