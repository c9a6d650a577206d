import { expect } from 'chai'
import { bodiesMax } from './health.ts'
import { after, scoreOf, seen, yes } from './testing/seen.ts'

const canned = (subject: string, says: 'yes' | 'no' = 'yes') => seen({ body: 'the-same-for-all', subject, says })

describe('same-body', () => {
  it('is enough alone for the third member who is told the same', () => {
    const { health } = after([canned('aaaaaaaa'), canned('bbbbbbbb')])
    expect(scoreOf('same-body', canned('cccccccc'), health)).to.equal(1)
  })
  it('is not for the second: a number that was put right is another member with the same answer', () => {
    expect(scoreOf('same-body', canned('bbbbbbbb'), after([canned('aaaaaaaa')]).health)).to.be.within(0.1, 0.9)
  })
  it('says nothing of one member asked about again and again', () => {
    expect(scoreOf('same-body', canned('aaaaaaaa'), after([canned('aaaaaaaa'), canned('aaaaaaaa')]).health)).to.equal(0)
  })
  it('says nothing of a no: those name nobody, and are alike', () => {
    expect(scoreOf('same-body', canned('cccccccc', 'no'), after([canned('aaaaaaaa', 'no'), canned('bbbbbbbb', 'no')]).health)).to.equal(0)
  })
  it('says nothing where no body was kept (a file)', () => {
    const file = seen({ body: null, subject: null }, null)
    expect(scoreOf('same-body', file, after([file, file]).health)).to.equal(0)
  })
  it('remembers so many bodies and no more, and the ones that were not believed too', () => {
    const lies = [canned('aaaaaaaa'), canned('bbbbbbbb'), canned('cccccccc')]
    expect(scoreOf('same-body', canned('dddddddd'), after(lies).health)).to.equal(1)
    const { health } = after([...lies, ...Array.from({ length: bodiesMax }, yes)])
    expect(health.bodies.length).to.equal(bodiesMax)
    expect(scoreOf('same-body', canned('dddddddd'), health)).to.equal(0)
  })
})
