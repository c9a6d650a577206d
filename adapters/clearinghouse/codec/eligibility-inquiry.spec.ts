import { expect } from 'chai'
import fc from 'fast-check'
import { X12Parser } from 'node-x12'
import { inquiry } from '../fixtures/inquiry.ts'
import { controlNumberOf, encode270, traceOf } from './eligibility-inquiry.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)
const facts = {
  submitterId: 'HELIOXHUB',
  receiverId: 'CLEARSIM',
  usage: 'T' as const,
  traceOrigin: '9HELIOXHUB',
  idempotencyKey: 'effect-1',
  at: new Date('2026-11-23T15:04:00Z'),
}
type Inquiry = typeof inquiry

/** A short reader of our own 270, sharing nothing with the writer: it knows the places of the guide and nothing else. */
function oracle(text: string) {
  const list = text.split('~').map((s) => s.split('*'))
  const all = (tag: string, first?: string) => list.filter((s) => s[0] === tag && (first === undefined || s[1] === first))
  const one = (tag: string, first?: string) => {
    const found = all(tag, first)
    expect(found, `${tag} ${first ?? ''}`).to.have.length(1)
    return found[0] ?? []
  }
  const iso = (d = '') => `${d.slice(0, 4)}-${d.slice(4, 6)}-${d.slice(6)}`
  const dmg = one('DMG')
  const member = one('NM1', 'IL')
  const envelope = {
    isaChars: text.indexOf('~') + 1,
    sets: all('ST').length,
    countAgrees: Number(one('SE')[1]) === list.findIndex((s) => s[0] === 'SE') - list.findIndex((s) => s[0] === 'ST') + 1,
    numbersAgree: one('ISA')[13] === one('IEA')[2] && one('GS')[6] === one('GE')[2] && one('ST')[2] === one('SE')[2],
  }
  return {
    envelope,
    reference: one('BHT')[3],
    trace: one('TRN').slice(1),
    payer: [one('NM1', 'PR')[3], one('NM1', 'PR')[9]],
    provider: [one('NM1', '1P')[3], one('NM1', '1P')[9]],
    member: [member[3], member[4], member[9]],
    born: iso(dmg[2]),
    sex: dmg[3] ?? 'U',
    day: iso(one('DTP')[3]),
    serviceTypes: all('EQ').map((s) => s[1]),
    levels: all('HL').map((s) => s.slice(1).join('/')),
  }
}

/** Characters that a name may hold in X12's extended set, without our delimiters. */
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .\'-,()&/#!"?;=+@_$%[]{}|<>\\']
const text = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max }).filter((s) => s.trim() === s && s.length >= min)
const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((d) => d.toISOString().slice(0, 10))
const anyInquiry: fc.Arbitrary<Inquiry> = fc.record({
  requestId: fc.uuid(),
  payerId: text(2, 40),
  payerName: text(1, 60),
  providerName: text(1, 60),
  providerNpi: fc.stringMatching(/^\d{10}$/),
  memberId: text(2, 30),
  givenName: text(1, 35),
  familyName: text(1, 60),
  birthDate: day,
  payerSex: fc.constantFrom('F', 'M', 'U'),
  serviceDate: day,
  serviceTypes: fc.array(fc.stringMatching(/^[0-9A-Z]{1,2}$/), { minLength: 1, maxLength: 10 }),
})

describe('A 270', () => {
  it('is this, for a patient we know', () => {
    expect(
      encode270(inquiry, facts)
        .replaceAll('~', '~\n')
        .replace(/ISA\*.*\n/, '')
        .replace(/(GS\*.*\*)\d+(\*X.*)/, '$1N$2')
        .replace(/(GE\*1\*).*|(IEA\*1\*).*/g, '$1$2N~'),
    ).to.equal(
      [
        'GS*HS*HELIOXHUB*CLEARSIM*20261123*1504*N*X*005010X279A1~',
        'ST*270*0001*005010X279A1~',
        'BHT*0022*13*7D0C2A8E52F64C399A416B3DF1A0C5E2*20261123*1504~',
        'HL*1**20*1~',
        'NM1*PR*2*HELIO HEALTH PLAN*****PI*HELIO1~',
        'HL*2*1*21*1~',
        'NM1*1P*2*LAKESIDE CLINIC*****XX*1234567893~',
        'HL*3*2*22*0~',
        'TRN*1*7D0C2A8E52F64C399A416B3DF1A0C5E2*9HELIOXHUB~',
        'NM1*IL*1*MARLOWE*ROSA****MI*HX4471002~',
        'DMG*D8*19840617*F~',
        'DTP*291*D8*20261201~',
        'EQ*30~',
        'SE*13*0001~',
        'GE*1*N~',
        'IEA*1*N~',
        '',
      ].join('\n'),
    )
  })
  it(`says exactly what was asked, read by someone else (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyInquiry, (asked) => {
        const upper = (s: string) => s.toUpperCase()
        expect(oracle(encode270(asked, facts))).to.deep.equal({
          envelope: { isaChars: 106, sets: 1, countAgrees: true, numbersAgree: true },
          reference: traceOf(asked.requestId),
          trace: ['1', traceOf(asked.requestId), '9HELIOXHUB'],
          payer: [upper(asked.payerName), asked.payerId],
          provider: [upper(asked.providerName), asked.providerNpi],
          member: [upper(asked.familyName), upper(asked.givenName), asked.memberId],
          born: asked.birthDate,
          sex: asked.payerSex,
          day: asked.serviceDate,
          serviceTypes: asked.serviceTypes,
          levels: ['1//20/1', '2/1/21/1', '3/2/22/0'],
        })
      }),
      { seed, numRuns: 500 },
    )
  })
  it(`refuses every value that X12 cannot carry, and says where, never what (seed ${seed})`, () => {
    const fields = ['payerId', 'payerName', 'providerName', 'memberId', 'givenName', 'familyName'] as const
    const bad = fc.constantFrom('*', '~', '^', ':', '\n', '\u0000', '\u001d', '\u007f', '\u200b', '李', 'ø', '’')
    fc.assert(
      fc.property(anyInquiry, fc.constantFrom(...fields), bad, fc.nat(10), (asked, field, char, at) => {
        const value = asked[field].slice(0, at) + char + asked[field].slice(at)
        expect(() => encode270({ ...asked, [field]: value }, facts)).to.throw(/^refused-value at (2100[ABC]) NM10[39]$|^refused-value at 2100C NM104$/)
      }),
      { seed, numRuns: 300 },
    )
  })
  it('refuses an injected segment', () => {
    expect(() => encode270({ ...inquiry, familyName: 'O*NEIL~EB*1' }, facts)).to.throw('refused-value at 2100C NM103')
  })
  it('writes names as payers hold them: capitals without accents', () => {
    expect(encode270({ ...inquiry, familyName: 'Núñez-Çelik', givenName: 'José' }, facts)).to.include('NM1*IL*1*NUNEZ-CELIK*JOSE****MI')
  })
  it('leaves out a sex that is unknown', () => {
    expect(encode270({ ...inquiry, payerSex: 'U' }, facts)).to.include('~DMG*D8*19840617~')
  })
  it('carries the same control number for the same effect, and a trace that names nobody', () => {
    const control = (key: string) => encode270(inquiry, { ...facts, idempotencyKey: key }).slice(90, 99)
    expect(control('effect-1')).to.equal(control('effect-1'))
    expect(control('effect-1')).not.to.equal(control('effect-2'))
    fc.assert(
      fc.property(fc.string(), (key) => controlNumberOf(key) >= 1 && controlNumberOf(key) <= 999_999_999),
      { seed },
    )
    expect(traceOf(inquiry.requestId)).to.match(/^[0-9A-F]{32}$/)
  })
  it('is read by node-x12 with the same segments and elements', () => {
    const ours = encode270({ ...inquiry, serviceTypes: ['30', '98'] }, facts)
    const parsed = new X12Parser(true).parse(ours)
    const groups = 'functionalGroups' in parsed ? parsed.functionalGroups : []
    const read = groups.flatMap((g) => g.transactions.flatMap((t) => t.segments.map((s) => [s.tag, ...s.elements.map((e) => e.value)].join('*'))))
    const wanted = ours.split('~').slice(3, -4)
    expect(read).to.deep.equal(wanted)
  })
})
