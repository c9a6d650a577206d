import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { createLog, errorFields } from './index.ts'
import { makeSparing } from './sparing.ts'

const coded = (code: string): Error => Object.assign(new Error('text'), { code })

describe('log, the same trouble over and over', () => {
  it('writes the first twenty lines of a kind, and every line of what went well', () => {
    const lines: { level: string; msg: string }[] = []
    const log = createLog({ level: 'info', process: 'api-1', region: 'us-east' }, { write: (line) => void lines.push(JSON.parse(line)) })
    const away = coded('ECONNREFUSED')
    for (let i = 0; i < 500; i += 1) {
      log.child({ correlationId: String(i) }).error({ ...errorFields(away), route: `/${i}` }, 'storage could not be used')
      log.info({ i }, 'answered')
    }
    expect(lines.filter(({ msg }) => msg === 'storage could not be used')).to.have.length(20)
    expect(lines.filter(({ msg }) => msg === 'answered')).to.have.length(500)
  })

  it('hides no other trouble behind a flood: another text, code or place is another kind', () => {
    const sparing = makeSparing()
    const one = errorFields(coded('57P03'))
    for (let i = 0; i < 100; i += 1) sparing.tells([one, 'a round'])
    expect(sparing.tells([one, 'a round'])).to.equal(false)
    expect(sparing.tells([one, 'another round'])).to.equal(true)
    expect(sparing.tells([{ ...one, code: '23505' }, 'a round'])).to.equal(true)
    expect(sparing.tells([{ ...one, at: ['elsewhere.ts:1'] }, 'a round'])).to.equal(true)
    expect(sparing.tells(['a round'])).to.equal(true)
  })

  it('leaves out no line that tells of no error: what it names may be named nowhere else', () => {
    const lines: { uploadId?: string; of?: string }[] = []
    const log = createLog({ level: 'info', process: 'engine-1', region: 'us-east' }, { write: (line) => void lines.push(JSON.parse(line)) })
    for (let i = 0; i < 100; i += 1) log.warn({ uploadId: `u${i}` }, 'the scanner found something in an upload')
    for (let i = 0; i < 100; i += 1) log.error('a line without fields')
    expect(new Set(lines.map(({ uploadId }) => uploadId))).to.have.property('size', 101)
    expect(lines).to.have.length(200)
  })

  it('says at the end of a window how many were left out, and begins anew', async () => {
    const sparing = makeSparing(50)
    const away = errorFields(coded('ECONNREFUSED'))
    const told: unknown[] = []
    sparing.start((leftOut) => told.push(leftOut))
    for (let i = 0; i < 25; i += 1) sparing.tells([away, 'publish failed'])
    for (let i = 0; i < 5; i += 1) sparing.tells([away, 'seldom'])
    await sleep(80)
    expect(told).to.deep.equal([{ text: 'publish failed', leftOut: 5 }])
    expect(sparing.tells([away, 'publish failed'])).to.equal(true)
  })
})
