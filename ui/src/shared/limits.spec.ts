import { VisitDetails } from '@heliox/core/clinical'
import { decisionLimits, SavedView } from '@heliox/core/messaging'
import { expect } from 'chai'
import { z } from 'zod'
import { totalMax } from '../../../db/page.ts'
import { clinicWords } from './messages/clinic-words.ts'
import { itemWords } from './messages/item-words.ts'
import { queueWords, viewNameMax } from './messages/queue-words.ts'

describe('the numbers in the words of staff', () => {
  it('say for how long a claim keeps others away', () => {
    const words = `for ${decisionLimits.claimMs / 60_000} minutes nobody else`
    expect(queueWords.overrides.emptyMineWhy).to.contain(words)
    expect(itemWords.claim.took.toLowerCase()).to.contain(words)
  })

  it('say where counting ends, and count up to there', () => {
    const counted = (n: number): string => n.toLocaleString('en-US')
    expect(queueWords.overrides.count(totalMax)).to.equal(`more than ${counted(totalMax)} items`)
    expect(queueWords.overrides.count(totalMax - 1)).to.equal(`${counted(totalMax - 1)} items`)
  })

  it('say how long the name of a view may be', () => {
    expect(viewNameMax).to.equal(z.toJSONSchema(SavedView.shape.name).maxLength)
    expect(queueWords.overrides.views.needName).to.contain(`in ${viewNameMax} characters or fewer`)
  })

  it('say how long a visit may be, and the name of whom it is with', () => {
    const { minutes, practitioner } = z.toJSONSchema(VisitDetails, { io: 'input' }).properties as Record<
      string,
      { minimum: number; maximum: number; maxLength: number }
    >
    expect(clinicWords.newVisit.needMinutes).to.contain(`from ${minutes?.minimum} to ${minutes?.maximum}`)
    expect(clinicWords.newVisit.needPractitioner).to.contain(`in ${practitioner?.maxLength} characters or fewer`)
  })
})
