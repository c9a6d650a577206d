import { decisionLimits, SavedView } from '@heliox/core/messaging'
import { expect } from 'chai'
import { z } from 'zod'
import { totalMax } from '../../../db/page.ts'
import { itemWords } from './messages/item-words.ts'
import { queueWords } from './messages/queue-words.ts'

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
    const { maxLength } = z.toJSONSchema(SavedView.shape.name)
    expect(queueWords.overrides.views.needName).to.contain(`in ${maxLength} characters or fewer`)
  })
})
