import { expect } from 'chai'
import { type Asking, ask270 } from '../testing/ask.ts'
import { type Inquiry, inquiriesOf } from '../x12/inquiry.ts'
import { readInterchanges } from '../x12/read.ts'
import { type Loop, rejected } from './truthful.ts'

/** AAA03 by loop, as 005010X279A1 readers list them; the ones of 2110 stand with one benefit. */
const patient = '15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 78'
const codes: Readonly<Record<Loop, string>> = {
  '2000A': '04 41 42 79',
  '2100A': '04 41 42 79 80 T4',
  '2100B': '15 41 43 44 45 46 47 48 50 51 79 97 T4',
  '2100C': patient,
  '2100D': patient,
  '2110C': '15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA',
  '2110D': '15 33 52 53 54 55 56 57 60 61 62 63 69 70 98 AA AE AF AG AO CI E8 IA MA',
}
/** What stands before the AAA, which is how a reader knows its loop. */
const before: Readonly<Record<Loop, RegExp>> = {
  '2000A': /^HL\*1\*\*20\*0$/,
  '2100A': /^NM1\*PR\*/,
  '2100B': /^NM1\*1P\*/,
  '2100C': /^NM1\*IL\*/,
  '2100D': /^NM1\*03\*/,
  '2110C': /^EB\*V\*/,
  '2110D': /^EB\*V\*/,
}

function inquiryOf(asking: Partial<Asking>): Inquiry {
  const [sent] = readInterchanges(ask270(asking))
  const set = sent?.groups[0]?.sets[0]
  const found = sent && set ? inquiriesOf(set, sent) : []
  if (!Array.isArray(found) || !found[0]) throw new Error('the fixture is no 270')
  return found[0]
}

describe('A rejection', () => {
  for (const [loop, list] of Object.entries(codes) as [Loop, string][])
    it(`stands in loop ${loop}, for each of its codes`, () => {
      const inquiry = inquiryOf({ dependent: loop.endsWith('D') })
      for (const code of list.split(' ')) {
        const rows = rejected(inquiry, { code, loop }).map((row) => row.join('*'))
        const at = rows.findIndex((row) => row.startsWith('AAA*'))
        expect(rows[at], loop).to.match(new RegExp(`^AAA\\*[YN]\\*\\*${code}\\*[A-Z]$`))
        expect(rows[at - 1], `${loop} ${code}`).to.match(before[loop])
        expect(rows.filter((row) => row.startsWith('AAA*')).length).to.equal(1)
        expect(
          rows.some((row) => row.startsWith('HL*4*3*23')),
          'a dependent level',
        ).to.equal(loop.endsWith('D'))
      }
    })
  it('of a dependent may stop at the subscriber, and the trace stops there too', () => {
    const rows = rejected(inquiryOf({ dependent: true }), { code: '75', loop: '2100C' }).map((row) => row.join('*'))
    expect(rows.slice(-4)).to.deep.equal(['HL*3*2*22*0', 'TRN*2*TRACE1*9HELIOXHUB', 'NM1*IL*1*MARLOWE*ROSA****MI*HX4471002', 'AAA*N**75*C'])
  })
  it('by default is about the patient', () => {
    const place = (asking: Partial<Asking>) => {
      const rows = rejected(inquiryOf(asking), { code: '58' }).map((row) => row.slice(0, 2).join('*'))
      return rows[rows.indexOf('AAA*N') - 1]
    }
    expect([place({}), place({ dependent: true })]).to.deep.equal(['NM1*IL', 'NM1*03'])
  })
})
