import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { inquiry } from '../fixtures/inquiry.ts'
import { readAnswer } from '../fixtures/real-time.ts'
import { answer, bht, cells, clinic, type EnvelopeOptions, interchange, member, payer, rows, trace } from '../fixtures/response.ts'

const read = (text: string) => readAnswer(text, inquiry, 'T')
const readRows = (...texts: string[]) => read(answer(rows(...texts)))

describe('What a 271 says about the plan', () => {
  const cases: [title: string, rows: string[], verdict: string, rule: string, eb: number[], inferred?: boolean][] = [
    ['active: EB 1 for service type 30', ['EB*1**30'], 'active', 'plan-active', [0]],
    ...['2', '3', '4', '5'].map((code): (typeof cases)[number] => [`active: EB ${code}`, [`EB*${code}**30`], 'active', 'plan-active', [0]]),
    ...['6', '7', '8'].map((code): (typeof cases)[number] => [`inactive: EB ${code}`, [`EB*${code}**30`], 'inactive', 'plan-inactive', [0]]),
    ['active: 30 among repeated service types', ['EB*1**1^30^98'], 'active', 'plan-active', [0]],
    ['active, whatever a single service says (I is not covered, not inactive)', ['EB*1**30', 'EB*I**33', 'EB*6**35'], 'active', 'plan-active', [0]],
    ['active, found behind other benefits', ['EB*B*IND*98***27*25', 'EB*1**30'], 'active', 'plan-active', [1]],
    ['inactive, whatever a single service says', ['EB*6**30', 'EB*1**88'], 'inactive', 'plan-inactive', [0]],
    ['inferred active: no 30 at all, but medical care', ['EB*1**48'], 'active', 'plan-active', [0], true],
    ['inferred active: a status for no service in particular', ['EB*1*IND'], 'active', 'plan-active', [0], true],
    ['inferred inactive: no service in particular', ['EB*6'], 'inactive', 'plan-inactive', [0], true],
    ['unknown: pharmacy only', ['EB*1**88'], 'unknown', 'no-plan-status', []],
    ['unknown: dental and vision only', ['EB*1**35', 'EB*1**AL'], 'unknown', 'no-plan-status', []],
    ['unknown: a copay without a status', ['EB*B*IND*98***27*25'], 'unknown', 'no-plan-status', []],
    ['unknown: not covered is no status of the plan', ['EB*I**30'], 'unknown', 'no-plan-status', []],
    ['unknown: contact the payer', ['EB*U**30'], 'unknown', 'no-plan-status', []],
    ['unknown: the payer cannot process', ['EB*V**30'], 'unknown', 'payer-cannot-process', [0]],
    ['unknown: a code that nobody knows', ['EB*Q9**30'], 'unknown', 'no-plan-status', []],
    ['unknown: a status for one procedure', ['EB*1**30**********HC:99213'], 'unknown', 'no-plan-status', []],
    ['mixed: both 1 and 6 for the plan', ['EB*1**30', 'EB*6**30'], 'mixed', 'contradictory', [0, 1]],
    ['mixed: in the other order too, never first wins', ['EB*6**30', 'EB*1**30'], 'mixed', 'contradictory', [1, 0]],
    ['active: the inactive plan ended before the visit', ['EB*6**30', 'DTP*349*D8*20251231', 'EB*1**30'], 'active', 'plan-active', [1]],
    ['unknown: an empty answer is no yes', [], 'unknown', 'empty-answer', []],
    ['active: plan dates hold the day', ['DTP*291*RD8*20260101-20261231', 'EB*1**30'], 'active', 'plan-active', [0]],
    ['active: open end', ['DTP*307*RD8*20260101-99991231', 'EB*1**30'], 'active', 'plan-active', [0]],
    ['active: the day is the last day', ['DTP*347*D8*20261201', 'EB*1**30'], 'active', 'plan-active', [0]],
    ['unknown: the plan ended the day before', ['DTP*347*D8*20261130', 'EB*1**30'], 'unknown', 'dates-exclude-day', [0]],
    ['unknown: the plan begins the day after', ['DTP*346*D8*20261202', 'EB*1**30'], 'unknown', 'dates-exclude-day', [0]],
    ['unknown: dates of the benefit itself exclude the day', ['EB*1**30', 'DTP*348*D8*20270101'], 'unknown', 'dates-exclude-day', [0]],
    ...['341', '442', '540'].flatMap((code): (typeof cases)[number][] => [
      [`unknown: ended the day before by DTP ${code} of the benefit`, ['EB*1**30', `DTP*${code}*D8*20261130`], 'unknown', 'dates-exclude-day', [0]],
      [`unknown: ended the day before by DTP ${code} of the member`, [`DTP*${code}*D8*20261130`, 'EB*1**30'], 'unknown', 'dates-exclude-day', [0]],
      [`active: the day is the last day by DTP ${code}`, [`DTP*${code}*D8*20261201`, 'EB*1**30'], 'active', 'plan-active', [0]],
    ]),
    ...['340', '539'].flatMap((code): (typeof cases)[number][] => [
      [`unknown: begins the day after by DTP ${code}`, [`DTP*${code}*D8*20261202`, 'EB*1**30'], 'unknown', 'dates-exclude-day', [0]],
      [`active: the day is the first day by DTP ${code}`, [`DTP*${code}*D8*20261201`, 'EB*1**30'], 'active', 'plan-active', [0]],
    ]),
    ...['341', '347', '349', '357', '442', '540'].flatMap((code): (typeof cases)[number][] => {
      const ended = `DTP*${code}*D8*20241231`
      return [
        [
          `unknown: ended by DTP ${code} of the member, whenever the benefit began`,
          [ended, 'EB*1**30', 'DTP*348*D8*20200101'],
          'unknown',
          'dates-exclude-day',
          [0],
        ],
        [`unknown: nor does a range without end lift DTP ${code}`, [ended, 'EB*1**30', 'DTP*292*RD8*20200101-99991231'], 'unknown', 'dates-exclude-day', [0]],
        [`active: the benefit's own end stands in the place of DTP ${code}`, [ended, 'EB*1**30', 'DTP*349*D8*20261231'], 'active', 'plan-active', [0]],
        [
          `active: the benefit's own range stands in the place of DTP ${code}`,
          [ended, 'EB*1**30', 'DTP*292*RD8*20260101-20261231'],
          'active',
          'plan-active',
          [0],
        ],
      ]
    }),
    [
      "unknown: the plan's range ended, whenever the benefit began",
      ['DTP*291*RD8*20200101-20241231', 'EB*1**30', 'DTP*348*D8*20200101'],
      'unknown',
      'dates-exclude-day',
      [0],
    ],
    [
      "active: the benefit's own first day stands in the place of the plan's",
      ['DTP*346*D8*20270101', 'EB*1**30', 'DTP*348*D8*20260101'],
      'active',
      'plan-active',
      [0],
    ],
    ['active: other dates say nothing about the day', ['DTP*636*D8*20200101', 'EB*1**30'], 'active', 'plan-active', [0]],
    [
      "active: dates of another entity are not the plan's",
      ['EB*1**30', 'LS*2120', 'NM1*PR*2*OTHER', 'DTP*347*D8*20200101', 'LE*2120'],
      'active',
      'plan-active',
      [0],
    ],
    ['active: an AAA below another benefit concerns that one only', ['EB*1**30', 'EB*1**33', 'AAA*N**53*C'], 'active', 'plan-active', [0]],
    ['active: MSG with a question mark swallows nothing (no release character)', ['EB*1**30', 'MSG*COVERED?'], 'active', 'plan-active', [0]],
    ['mixed: nor does it hide the segment after it', ['EB*1**30', 'MSG*COVERED?', 'EB*6**30'], 'mixed', 'contradictory', [0, 1]],
  ]
  for (const [title, texts, verdict, rule, eb, inferred = false] of cases)
    it(title, () => {
      const result = readRows(...texts)
      expect(result.is).to.equal('ok')
      expect(result.value).to.deep.include({ verdict, basis: { rule, eb, inferred }, trace })
    })

  it('is rejected when the only benefit is turned down', () => {
    expect(readRows('EB*1**30', 'AAA*N**52*C')).to.deep.equal({
      is: 'rejected',
      value: { reasons: [{ loop: '2110C', code: '52', followUp: 'C', who: 'clinic' }] },
    })
  })
  it('is never active for another birth date, unless the payer says it corrected it', () => {
    const other = (more: string[][]) =>
      interchange([[bht(), ...payer, ...clinic, ...member([...more, ...rows('EB*1**30')]).map((row) => (row[0] === 'DMG' ? cells('DMG*D8*19500101*F') : row))]])
    expect(read(other([])).value).to.deep.include({ verdict: 'unknown', basis: { eb: [0], rule: 'birth-date-differs', inferred: false } })
    expect(read(other([cells('INS*Y*18*001*25')])).value).to.deep.include({ verdict: 'active' })
  })
  describe('is about our patient', () => {
    /** The member's level with another NM1, and no DMG unless given. */
    const about = (name: string, ...more: string[]) => {
      const level = member().flatMap((row) => (row[0] === 'NM1' ? [cells(name)] : row[0] === 'DMG' ? [] : [row]))
      return interchange([[bht(), ...payer, ...clinic, ...level, ...rows(...more, 'EB*1**30')]])
    }
    const strangers = [
      ['another member, our trace', 'NM1*IL*1*OKAFOR*JUAN****MI*ZZ9'],
      ['another id and nothing else', 'NM1*IL*1******MI*ZZ9'],
      ['another person of the family', 'NM1*IL*1*MARLOWE*JUAN****MI*ZZ9'],
      ['another name and no id', 'NM1*IL*1*OKAFOR*JUAN'],
    ] as const
    for (const [title, name] of strangers) {
      it(`never: ${title}`, () =>
        expect(read(about(name)).value).to.deep.include({ verdict: 'unknown', basis: { eb: [0], rule: 'member-differs', inferred: false } }))
      it(`unless the birth date speaks for ours: ${title}`, () => expect(read(about(name, 'DMG*D8*19840617*F')).value).to.deep.include({ verdict: 'active' }))
    }
    it('never because the payer says that it corrected who it is, unless one thing of it is ours', () => {
      const corrected = 'INS*Y*18*001*25'
      expect(read(about('NM1*IL*1*OKAFOR*JUAN****MI*ZZ9', corrected)).value).to.deep.include({ verdict: 'unknown' })
      expect(read(about('NM1*IL*1*OKAFOR*JUAN****MI*ZZ9', corrected, 'DMG*D8*19500101*F')).value).to.deep.include({ verdict: 'unknown' })
      for (const name of ['NM1*IL*1*MARLOWE*JUAN****MI*ZZ9', 'NM1*IL*1*OKAFOR*JUAN****MI*HX4471002'])
        expect(read(about(name, corrected, 'DMG*D8*19500101*F')).value, name).to.deep.include({ verdict: 'active' })
    })
    it('when the id is ours, however the payer writes it', () => {
      for (const id of ['HX4471002', 'hx4471002', 'HX-447 1002'])
        expect(read(about(`NM1*IL*1*SMITH*R****MI*${id}`)).value, id).to.deep.include({ verdict: 'active' })
    })
    it('when the payer moved the patient to another number', () => {
      for (const name of ['MARLOWE*ROSA', 'Marlowe*Rosa', 'MARLOWE*ROSALIE', 'MARLOWE'])
        expect(read(about(`NM1*IL*1*${name}${'*'.repeat(name.includes('*') ? 4 : 5)}MI*ZZ9`)).value, name).to.deep.include({ verdict: 'active' })
    })
    it('when the payer says nothing about who it is', () => expect(read(about('NM1*IL*1')).value).to.deep.include({ verdict: 'active' }))
    it('by the subscriber’s id where a dependent has none', () => {
      const dependent = rows('HL*4*3*23*0', 'NM1*03*1*OKAFOR*JUAN', 'EB*1**30')
      const of = (subscriber: string[][]) => read(interchange([[bht(), ...payer, ...clinic, ...subscriber, ...dependent]])).value
      expect(of(member())).to.deep.include({ verdict: 'active' })
      expect(of(member().map((row) => (row[0] === 'NM1' ? cells('NM1*IL*1*OKAFOR*ANA****MI*ZZ9') : row)))).to.deep.include({ verdict: 'unknown' })
    })
  })
  it("takes a dependent's first day together with the subscriber's last, unless the dependent has a last day too", () => {
    const of = (...texts: string[]) =>
      read(
        interchange([
          [bht(), ...payer, ...clinic, ...member([cells('DTP*347*D8*20241231')]), ...rows('HL*4*3*23*0', 'NM1*03*1*MARLOWE*ROSA', ...texts, 'EB*1**30')],
        ]),
      ).value
    expect(of('DTP*346*D8*20200101')).to.deep.include({ verdict: 'unknown' })
    expect(of('DTP*346*D8*20200101', 'DTP*347*D8*20261231')).to.deep.include({ verdict: 'active' })
  })
  it('is a fault when a date that decides cannot be read', () => {
    for (const dtp of ['DTP*347*D8*20261301', 'DTP*347*D8*', 'DTP*291*RD8*20260101', 'DTP*346*TM*0900'])
      expect(() => readRows(dtp, 'EB*1**30'), dtp).to.throw(/bad-segment/)
  })
  it('carries the plan, its dates and the copays as decimal strings, and leaves out what is left of a copay', () => {
    const result = readRows(
      'DTP*346*D8*20260101',
      'EB*1*IND*30*HM*HELIO GOLD',
      'EB*B*IND*98***27*25.50*****Y',
      'EB*B*IND*98***29*10*****Y',
      'EB*B*IND*UC***27*60',
      'EB*B*IND*86***27*free',
    )
    expect(result.value).to.deep.include({
      planName: 'HELIO GOLD',
      planDates: [{ qualifier: '346', from: '2026-01-01', to: null }],
      copays: [
        { serviceTypes: ['98'], amount: '25.50', network: 'in' },
        { serviceTypes: ['UC'], amount: '60', network: 'unknown' },
      ],
    })
  })

  for (const [title, options] of [
    ['other delimiters', { element: '|', repetition: '!', component: '>', terminator: "'" }],
    ['control characters as delimiters', { element: '\u001d', repetition: '\u001f', component: '\u001e', terminator: '\u001c' }],
    ['line breaks after terminators', { lineBreak: '\r\n' }],
    ['a line feed as terminator', { terminator: '\n' }],
    ['CR LF as terminator', { terminator: '\r', lineBreak: '\n' }],
  ] satisfies [string, EnvelopeOptions][])
    it(`reads ${title}`, () => {
      const { repetition = '^' } = options as EnvelopeOptions
      expect(read(answer([['EB', '1', '', `1${repetition}30`]], options)).value).to.deep.include({ verdict: 'active' })
    })
  it('reads past a byte order mark and blanks around the interchange', () => {
    expect(read(`\uFEFF \r\n${answer(rows('EB*1**30'))}\r\n\u001a`).value).to.deep.include({ verdict: 'active' })
  })
})

const faultOf = (work: () => unknown): PartnerFault | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof PartnerFault) return error
    throw error
  }
}

describe('Whose answer it is', () => {
  const active = rows('EB*1**30')
  const refused = (text: string) =>
    expect(
      faultOf(() => read(text)),
      'a fault',
    ).to.include({ kind: 'contract' })
  it('is ours by the trace alone, whatever stands around it', () => {
    const text = interchange([[bht('THEIRS'), ...payer, ...clinic, ...member(rows('EB*6**30'), 'SOMEBODY', '3'), ...member(active, trace, '4')]])
    expect(read(text).value).to.deep.include({ verdict: 'active' })
  })
  it('is ours when the payer marks the trace as its own', () => {
    const text = answer(active).replace('TRN*2*', 'TRN*1*')
    expect(read(text).value).to.deep.include({ verdict: 'active' })
  })
  it('is ours by BHT03 when the payer gives no trace back, for a single patient', () => {
    const withoutTrace = member(active).filter((row) => row[0] !== 'TRN')
    expect(read(interchange([[bht(), ...payer, ...clinic, ...withoutTrace]])).value).to.deep.include({ verdict: 'active' })
    refused(interchange([[bht('THEIRS'), ...payer, ...clinic, ...withoutTrace]]))
    refused(interchange([[bht(), ...payer, ...clinic, ...withoutTrace, ...withoutTrace.map((row) => (row[0] === 'HL' ? ['HL', '4', '2', '22', '0'] : row))]]))
  })
  it('is not ours with a foreign trace, even when BHT03 is ours', () => {
    refused(interchange([[bht(), ...payer, ...clinic, ...member(active, 'SOMEBODY')]]))
  })
  it("is nobody's when two patients or two sets claim it", () => {
    refused(interchange([[bht(), ...payer, ...clinic, ...member(active), ...member(rows('EB*6**30'), trace, '4')]]))
    const set = [bht(), ...payer, ...clinic, ...member(active)]
    refused(interchange([set, set]))
  })
  it('is read at the dependent, where the payer puts the person it found', () => {
    const dependent = [['HL', '4', '3', '23', '0'], ['TRN', '2', trace, '9HELIOXHUB'], cells('NM1*03*1*MARLOWE*ROSA'), cells('DMG*D8*19840617*F')]
    const subscriber = member([], 'SOMEBODY')
    expect(read(interchange([[bht(), ...payer, ...clinic, ...subscriber, ...dependent, ...rows('EB*1**30')]])).value).to.deep.include({ verdict: 'active' })
    expect(read(interchange([[bht(), ...payer, ...clinic, ...subscriber, ...dependent, ...rows('AAA*N**67*C')]]))).to.deep.equal({
      is: 'rejected',
      value: { reasons: [{ loop: '2100D', code: '67', followUp: 'C', who: 'patient' }] },
    })
    const silent = dependent.filter((row) => row[0] !== 'TRN')
    expect(read(interchange([[bht(), ...payer, ...clinic, ...member(), ...silent, ...rows('DTP*346*D8*20260101', 'EB*1**30')]])).value).to.deep.include({
      verdict: 'active',
    })
  })
  it('is built by HL01 and HL02, not by order', () => {
    const text = interchange([[bht(), ...member(active), ...clinic, ...payer]])
    expect(read(text).value).to.deep.include({ verdict: 'active' })
  })
  it("is nobody's when the hierarchy is broken", () => {
    for (const hl of ['HL*3*9*22*0', 'HL*3**22*0', 'HL*2*1*22*0', 'HL*3*2*24*0', 'HL*3*1*22*0', 'HL**2*22*0'])
      refusedHierarchy(answer(active).replace('HL*3*2*22*0', hl), hl)
  })
  const refusedHierarchy = (text: string, why: string) => expect(() => read(text), why).to.throw(/hierarchy/)
  it('is refused when test answers in production, and the reverse', () => {
    expect(faultOf(() => readAnswer(answer(active), inquiry, 'P'))).to.include({ kind: 'contract' })
    expect(faultOf(() => readAnswer(answer(active, { usage: 'P' }), inquiry, 'T'))).to.include({ kind: 'contract' })
  })
  it('is no answer when it is a TA1, a 999 or nothing', () => {
    const ta1 = cells('TA1*000000101*261201*0910*R*018')
    const fault = faultOf(() => read(interchange([], { ta1 })))
    expect(fault).to.include({ kind: 'contract', detail: 'TA105 018' })
    refused(interchange([], { ta1: cells('TA1*000000101*261201*0910*A*000') }))
    refused(interchange([rows('AK1*HS*1', 'AK9*R*1*1*0')], { set: '999', version: '005010X231A1' }))
    refused(interchange([]))
  })
  it('is read behind a TA1 that accepts', () => {
    expect(read(answer(active, { ta1: cells('TA1*000000101*261201*0910*A*000') })).value).to.deep.include({ verdict: 'active' })
  })
  it('is refused in another version of the guide', () => {
    expect(() => read(answer(active, { version: '004010X092A1' }))).to.throw(/unsupported-version/)
    expect(read(answer(active, { version: '005010X279' })).value).to.deep.include({ verdict: 'active' })
  })
})
