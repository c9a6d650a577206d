import { linkEnd } from '@heliox/core/identity'
import type { LinkFacts } from '@heliox/core/ports'
import { expect } from 'chai'
import { traceIdOf, traceparentFrom } from './correlation.ts'
import { linkUse } from './link.ts'

const link = (of: Partial<LinkFacts>): LinkFacts => ({
  tenantId: 't',
  region: 'us-east',
  intakeId: 'i',
  visitId: 'v',
  status: 'opened',
  startsAt: '2026-03-04T15:20:00Z',
  endsAt: '2026-03-04T15:40:00Z',
  practitioner: 'Dr Lin',
  visitStatus: 'booked',
  expiresAt: '2026-03-04T15:40:00Z',
  proof: 'not-asked',
  ...of,
})

describe('linkUse', () => {
  it('ends a form at the very moment it expires, and a status 90 days after the visit', () => {
    expect(linkUse(link({}), new Date('2026-03-04T15:39:59Z'))).to.equal('open')
    expect(linkUse(link({}), new Date('2026-03-04T15:40:00Z'))).to.equal('ended')
    expect(linkUse(link({ status: 'submitted' }), new Date('2026-06-02T15:19:59Z'))).to.equal('sent')
    expect(linkUse(link({ status: 'submitted' }), new Date('2026-06-02T15:20:00Z'))).to.equal('ended')
  })

  it('believes what the store says over what the clock says', () => {
    const early = new Date('2026-03-01T00:00:00Z')
    expect(linkUse(link({ status: 'expired' }), early)).to.equal('ended')
    expect(linkUse(link({ status: 'revoked' }), early)).to.equal('unknown')
    expect(linkUse(link({ status: 'revoked' }), new Date('2027-01-01T00:00:00Z'))).to.equal('unknown')
  })

  it('lets a link outlive its visit by half a day, and no longer than visits are booked ahead', () => {
    const now = new Date('2026-03-01T00:00:00Z')
    expect(linkEnd(new Date('2026-03-04T15:40:00Z'), now).toISOString()).to.equal('2026-03-05T03:40:00.000Z')
    expect(linkEnd(new Date('2026-12-04T15:40:00Z'), now).toISOString()).to.equal('2026-12-05T03:40:00.000Z')
    expect(linkEnd(new Date('2028-05-04T15:40:00Z'), now).toISOString()).to.equal('2027-03-02T00:00:00.000Z')
  })
})

describe('traceparentFrom', () => {
  it('keeps a trace that is well formed, and begins one for anything else', () => {
    const trace = 'a'.repeat(32)
    expect(traceIdOf(traceparentFrom(`00-${trace}-${'b'.repeat(16)}-00`))).to.equal(trace)
    for (const wrong of [
      undefined,
      '',
      'x',
      [`00-${trace}-${'b'.repeat(16)}-00`],
      `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
      `01-${trace}-${'b'.repeat(16)}-01`,
      `00-${trace}-${'0'.repeat(16)}-01`,
    ]) {
      const fresh = traceparentFrom(wrong)
      expect(fresh).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      expect(traceIdOf(fresh)).to.not.equal(trace)
    }
  })
})
