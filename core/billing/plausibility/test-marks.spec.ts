import { expect } from 'chai'
import { scoreOf, seen, yes } from './testing/seen.ts'

describe('test-marks', () => {
  it('are enough alone, whatever the answer says', () => {
    for (const says of ['yes', 'no', 'neither'] as const) expect(scoreOf('test-marks', seen({ says, testMarked: true }))).to.equal(1)
    expect(scoreOf('test-marks', yes())).to.equal(0)
  })
})
