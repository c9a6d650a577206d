import { adapters } from '@heliox/adapters'
import { limits } from '@heliox/core/kit'
import { expect } from 'chai'
import { z } from 'zod'
import { saveConnection } from './routes/admin/schemas.ts'

/** What an adapter takes as a secret must come through the door by which it is saved. */
describe('the longest secret of a connection', () => {
  const longest = adapters.flatMap(({ id, secrets }) => {
    const { properties = {} } = z.toJSONSchema(secrets, { io: 'input' }) as { properties?: Record<string, { maxLength?: number }> }
    // Where an adapter says none, the door's own holds.
    return Object.entries(properties).map(([name, { maxLength = limits.secretCharsMax }]) => ({ name: `${id}.${name}`, maxLength }))
  })
  it('is known of some adapters', () => expect(longest.map(({ name }) => name)).to.include.members(['fhir.signingKeys', 'clearinghouse.sftpPrivateKey']))
  for (const { name, maxLength } of longest)
    it(`of ${name} is let in`, () => {
      expect(maxLength).to.be.within(1, limits.secretCharsMax)
      const said = saveConnection.body.safeParse({ config: {}, secrets: { [name]: 'x'.repeat(maxLength) } })
      expect(said.success).to.equal(true)
    })
  it('is let in and nothing longer', () => {
    const tooLong = saveConnection.body.safeParse({ config: {}, secrets: { any: 'x'.repeat(limits.secretCharsMax + 1) } })
    expect(tooLong.success).to.equal(false)
  })
})
