import { eventByType } from '@heliox/core/registry'
import { expect } from 'chai'
import { z } from 'zod'
import { stepWords } from '../../step-words.gen.ts'
import { outcomesOf, outcomeWords } from './outcome-words.ts'

/** Which field of an event a timeline says as what became of it; `db/reporting/facets.ts` takes it from there. */
const toldBy: Readonly<Record<string, string>> = {
  'step.finished.v1': 'outcome',
  'visit.changed.v1': 'change',
  'eligibility.queued.v1': 'why',
  'eligibility.withdrawn.v1': 'why',
  'eligibility.succeeded.v1': 'verdict',
  'eligibility.failed.v1': 'verdict',
  'eligibility.provisional.v1': 'verdict',
  'eligibility.changed.v1': 'to',
  'payment.succeeded.v1': 'outcome',
  'payment.failed.v1': 'outcome',
  'ehr.writeback.completed.v1': 'outcome',
  'ehr.writeback.failed.v1': 'outcome',
  'upload.cleared.v1': 'outcome',
  'upload.rejected.v1': 'outcome',
  'override.opened.v1': 'cause',
  'override.resolved.v1': 'resolution',
  'case.opened.v1': 'cause',
  'case.closed.v1': 'why',
  'case.decided.v1': 'decision',
}

describe('the words of a timeline', () => {
  it('are there for every event that the hub has', () => {
    expect([...eventByType.keys()].filter((type) => !stepWords[type])).to.deep.equal([])
  })

  for (const [type, field] of Object.entries(toldBy))
    it(`say each code that ${type} can end with`, () => {
      const schema = eventByType.get(type)?.contract.schema
      const { properties = {} } = z.toJSONSchema(schema ?? z.never(), { io: 'input' }) as { properties?: Record<string, { enum?: string[] }> }
      const codes = properties[field]?.enum ?? []
      expect(codes, 'it says one of a few codes').to.not.be.empty
      expect(codes.filter((code) => !outcomesOf[type]?.[code])).to.deep.equal([])
    })

  it('differ by what they are about: one code means something else of a photo than of a partner', () => {
    expect(Object.keys(outcomesOf).sort()).to.deep.equal(Object.keys(toldBy).sort())
    expect([outcomeWords('upload.rejected.v1', 'rejected'), outcomeWords('document-scan/scan photo', 'rejected')]).to.deep.equal(['Refused', 'Partner said no'])
    expect(outcomeWords('eligibility/ask payer', 'of-tomorrow'), 'a code that is newer than this screen').to.equal('of-tomorrow')
  })
})
