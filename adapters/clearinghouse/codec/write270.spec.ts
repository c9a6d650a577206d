import { traceOf } from '@heliox/core/billing'
import { expect } from 'chai'
import fc from 'fast-check'
import { X12Parser } from 'node-x12'
import { inquiry as first } from '../fixtures/inquiry.ts'
import { latin } from './latin.ts'
import { readX12 } from './read.ts'
import { toInquiryV2 } from './real-time.ts'
import { segmentsOf } from './segment.ts'
import { treeOf } from './tree.ts'
import { type Inquiry, write270, writeBatch270 } from './write270.ts'

const seed = Number(process.env.FC_SEED ?? 20261201)
const facts = {
  submitterId: 'HELIOXHUB',
  receiverId: 'CLEARSIM',
  usage: 'T' as const,
  traceOrigin: '9HELIOXHUB',
  control: 905,
  at: new Date('2026-11-23T15:04:00Z'),
}
const inquiry = toInquiryV2(first)
const holder = { memberId: 'HX4471001', givenName: 'Ana', familyName: 'Marlowe', birthDate: '1955-02-03', payerSex: 'F' as const }
const dependent: Inquiry = { ...inquiry, memberId: null, holder, relationship: '19' }
const encode = (asked: Inquiry): string => write270([asked], facts).text

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
  route: fc.constant('real-time' as const),
  holder: fc.constant(null),
  relationship: fc.constant(null),
})

describe('A 270', () => {
  it('is this, for a patient we know', () => {
    expect(
      encode(inquiry)
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
        'REF*EJ*7D0C2A8E52F64C399A416B3DF1A0C5E2~',
        'DMG*D8*19840617*F~',
        'DTP*291*D8*20261201~',
        'EQ*30~',
        'SE*14*0001~',
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
        expect(oracle(encode(asked))).to.deep.equal({
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
    const bad = fc.constantFrom('*', '~', '^', ':', '\n', '\u0000', '\u001d', '\u007f', '\u200b', '李', 'Ж', 'ʔ', '“', '—')
    fc.assert(
      fc.property(anyInquiry, fc.constantFrom(...fields), bad, fc.nat(10), (asked, field, char, at) => {
        const was = asked[field] ?? ''
        const value = was.slice(0, at) + char + was.slice(at)
        expect(() => encode({ ...asked, [field]: value })).to.throw(/^refused-value at (2100[ABC]) NM10[39]$|^refused-value at 2100C NM104$/)
      }),
      { seed, numRuns: 300 },
    )
  })
  it('refuses an injected segment', () => {
    expect(() => encode({ ...inquiry, familyName: 'O*NEIL~EB*1' })).to.throw('refused-value at 2100C NM103')
  })
  it('writes names as payers hold them: capitals without accents', () => {
    expect(encode({ ...inquiry, familyName: 'Núñez-Çelik', givenName: 'José' })).to.include('NM1*IL*1*NUNEZ-CELIK*JOSE****MI')
    for (const [typed, written] of [
      ['Weiß', 'WEISS'],
      ['Müller', 'MULLER'],
      ['Wałęsa', 'WALESA'],
      ['Yıldız', 'YILDIZ'],
      ['İnönü', 'INONU'],
      ['Sørensen', 'SORENSEN'],
      ['Đorđević', 'DORDEVIC'],
      ['Æbelø', 'AEBELO'],
      ['Þórðarson', 'THORDARSON'],
      ['Ștefănescu', 'STEFANESCU'],
      ['Kaʻahumanu', "KA'AHUMANU"],
      ['de\u00a0la\u00a0Cruz', 'DE LA CRUZ'],
    ])
      expect(encode({ ...inquiry, familyName: typed ?? '' })).to.include(`NM1*IL*1*${written}*ROSA****MI`)
  })
  it(`writes a name that it could write before its letters had a table as it always did (seed ${seed})`, () => {
    const accented = fc.constantFrom(...'ÁÀÂÄÃÅÇÉÈÊËÍÌÎÏÑÓÒÔÖÕÚÙÛÜÝáàâäãåçéèêëíìîïñóòôöõúùûüýÿßıİŞşĞğČčŠšŽžŐőŰűĄąĘęŃńŚśŹźŻżŘřŮů')
    const name = fc.string({ unit: fc.oneof(accented, fc.constantFrom(...letters, '\u2019', '\u2013')), minLength: 1, maxLength: 60 })
    const before = (typed: string): string =>
      typed
        .normalize('NFD')
        .replace(/\p{Mn}/gu, '')
        .replaceAll('\u2019', "'")
        .replaceAll('\u2013', '-')
        .toUpperCase()
    fc.assert(
      fc.property(name, (typed) => {
        expect(latin(typed)).to.equal(before(typed))
      }),
      { seed, numRuns: 500 },
    )
  })
  it('writes the apostrophes and hyphens that phones type as X12 has them, in names alone', () => {
    for (const typed of ['\u2018', '\u2019', '\u02bc', '\u02bb', '\u00b4', '\u2032'])
      expect(encode({ ...inquiry, familyName: `O${typed}Brien` }), typed).to.equal(encode({ ...inquiry, familyName: "O'Brien" }))
    for (const typed of ['\u2010', '\u2011', '\u2013'])
      expect(encode({ ...inquiry, familyName: `Lee${typed}Roth` }), typed).to.equal(encode({ ...inquiry, familyName: 'Lee-Roth' }))
    expect(() => encode({ ...inquiry, memberId: 'HX\u20131' })).to.throw('refused-value at 2100C NM109')
  })
  it('leaves out a sex that is unknown', () => {
    expect(encode({ ...inquiry, payerSex: 'U' })).to.include('~DMG*D8*19840617~')
  })
  it('gives the same bytes for the same facts, and other numbers only where they are told', () => {
    const again = { ...facts, at: new Date(facts.at) }
    expect(write270([inquiry, dependent], facts).bytes.equals(write270([inquiry, dependent], again).bytes)).to.equal(true)
    const other = write270([inquiry], { ...facts, control: 906 }).text
    expect(other.replaceAll('000000906', '000000905').replaceAll('*906', '*905')).to.equal(encode(inquiry))
  })
  it('asks about a dependent below the holder of the policy', () => {
    const body = encode(dependent).split('~').slice(8, -4)
    expect(body).to.deep.equal([
      'HL*3*2*22*1',
      'NM1*IL*1*MARLOWE*ANA****MI*HX4471001',
      'DMG*D8*19550203*F',
      'HL*4*3*23*0',
      'TRN*1*7D0C2A8E52F64C399A416B3DF1A0C5E2*9HELIOXHUB',
      'NM1*03*1*MARLOWE*ROSA',
      'REF*EJ*7D0C2A8E52F64C399A416B3DF1A0C5E2',
      'DMG*D8*19840617*F',
      'INS*N*19',
      'DTP*291*D8*20261201',
      'EQ*30',
    ])
    expect(encode({ ...dependent, relationship: null, holder: { ...holder, birthDate: null } })).not.to.match(/INS|19550203/)
  })
  it('asks about a dependent with a number of their own as the subscriber', () => {
    expect(encode({ ...dependent, memberId: 'HX4471002' })).to.equal(encode(inquiry))
  })
  it('refuses a patient without any number', () => {
    expect(() => encode({ ...dependent, holder: null })).to.throw('refused-value at 2100C NM109')
  })
  it('puts each patient of a batch into a set of its own, and says which', () => {
    const asked = Array.from({ length: 3 }, (_, i) => ({ ...inquiry, requestId: `7d0c2a8e-52f6-4c39-9a41-6b3df1a0c50${i}` }))
    const { text, sets } = write270(asked, facts)
    expect(sets).to.deep.equal(asked.map(({ requestId }, i) => ({ st02: `000${i + 1}`, requestId })))
    expect(text.match(/ST\*270\*\d+/g)).to.deep.equal(['ST*270*0001', 'ST*270*0002', 'ST*270*0003'])
    expect(text).to.match(/~GE\*3\*905~IEA\*1\*000000905~$/)
    expect(text.match(/ISA\*/g)).to.have.length(1)
  })
  it('says which set a refused value is in', () => {
    expect(() => write270([inquiry, { ...dependent, givenName: 'A~B' }], facts)).to.throw(/^refused-value at ST 2 2100D NM104$/)
    expect(() => write270([inquiry, { ...dependent, holder: { ...holder, familyName: 'A*B' } }], facts)).to.throw(/^refused-value at ST 2 2100C NM103$/)
  })
  it('leaves out of a batch whom it cannot write, says where, and asks about everybody else', () => {
    const id = (i: number) => `7d0c2a8e-52f6-4c39-9a41-6b3df1a0c50${i}`
    const asked = [
      { ...inquiry, requestId: id(0), familyName: '李' },
      { ...inquiry, requestId: id(1) },
      { ...dependent, requestId: id(2), givenName: 'A~B' },
      { ...inquiry, requestId: id(3) },
    ]
    const { file, unwritten } = writeBatch270(asked, facts)
    expect(unwritten).to.deep.equal([
      { requestId: id(0), place: '2100C NM103' },
      { requestId: id(2), place: '2100D NM104' },
    ])
    // To the byte what a batch of the others is: no gap in ST02, no half of a set.
    expect(file).to.deep.equal(write270([asked[1] ?? inquiry, asked[3] ?? inquiry], facts))
  })
  it('makes no file of nobody, and refuses a batch whose envelope cannot be', () => {
    const refused = { ...inquiry, familyName: 'A:B' }
    expect(writeBatch270([refused], facts)).to.deep.equal({ file: undefined, unwritten: [{ requestId: inquiry.requestId, place: '2100C NM103' }] })
    for (const wrong of [{ submitterId: 'A*B' }, { traceOrigin: '9:' }])
      expect(() => writeBatch270([inquiry], { ...facts, ...wrong })).to.throw('refused-value')
  })
  it('refuses an envelope that cannot be: no patient, no number, an id too long or with a delimiter in it', () => {
    expect(() => write270([], facts)).to.throw('too-large')
    for (const control of [0, 1_000_000_000, 1.5]) expect(() => write270([inquiry], { ...facts, control })).to.throw('ISA13')
    expect(() => write270([inquiry], { ...facts, submitterId: 'A*B' })).to.throw('ISA06')
    expect(() => write270([inquiry], { ...facts, receiverId: 'SIXTEEN-CHARS-ID' })).to.throw('ISA08')
    expect(() => write270([inquiry], { ...facts, traceOrigin: '9:' })).to.throw('TRN03')
  })
  it(`is read back by our own reader, whole, set by set (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyInquiry, fc.boolean()), { minLength: 1, maxLength: 4 }), (asked) => {
        const inquiries = asked.map(([one, own]) => (own ? one : { ...one, memberId: null, holder, relationship: 'G8' as const }))
        const founds = [...readX12(write270(inquiries, facts).bytes)]
        const transactions = founds.flatMap((found) => (found.is === 'transaction' ? [found.transaction] : []))
        expect(founds.flatMap((found) => ('problems' in found ? found.problems : []))).to.deep.equal([])
        expect(transactions.flatMap(({ problems }) => problems)).to.deep.equal([])
        transactions.forEach((transaction, i) => {
          const segments = segmentsOf(transaction)
          expect(treeOf(segments, transaction).problems).to.deep.equal([])
          expect(segments.filter(([tag]) => tag === 'TRN').map((trn) => trn[2])).to.deep.equal([traceOf(inquiries[i]?.requestId ?? '')])
        })
        expect(transactions).to.have.length(inquiries.length)
      }),
      { seed, numRuns: 200 },
    )
  })
  it('is read by node-x12 with the same segments and elements', () => {
    const ours = write270([{ ...inquiry, serviceTypes: ['30', '98'] }, dependent], facts).text
    const parsed = new X12Parser(true).parse(ours)
    const groups = 'functionalGroups' in parsed ? parsed.functionalGroups : []
    const read = groups.flatMap((g) => g.transactions.flatMap((t) => t.segments.map((s) => [s.tag, ...s.elements.map((e) => e.value)].join('*'))))
    const wanted = ours.split('~').filter((row) => !/^(ISA|GS|ST|SE|GE|IEA)|^$/.test(row))
    expect(read).to.deep.equal(wanted)
  })
})
