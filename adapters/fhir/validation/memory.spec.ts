import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'

/** Both libraries, R4's definitions and the value sets, in a process of its own: what an engine pays for its first write-back. */
const script = `
  const { checkOutgoing } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
  const mb = () => { gc(); return process.memoryUsage().rss / 1e6 }
  const patient = { resourceType: 'Patient', name: [{ family: 'A' }], gender: 'female' }
  const before = mb()
  const found = await checkOutgoing(patient, { usCore: 'none' })
  const first = mb()
  for (let i = 0; i < 200; i += 1) await checkOutgoing(patient, { usCore: '8.0.0' })
  process.stdout.write(JSON.stringify({ found, load: first - before, growth: mb() - first }))
`

describe('the memory of the validators', () => {
  it('is loaded with the first resource, is small, and does not grow', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--input-type=module', '-e', script])
    const { found, load, growth } = JSON.parse(stdout) as { found: unknown[]; load: number; growth: number }
    expect(found).to.deep.equal([])
    // Uncut, the definitions alone took 96 to 129 MB and more than four seconds; see README.md.
    expect(load, 'MB with the first resource').to.be.within(5, 90)
    expect(growth, 'MB with 200 more').to.be.lessThan(40)
  }).timeout(60_000)
})
