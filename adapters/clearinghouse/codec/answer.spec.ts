import { expect } from 'chai'
import { answersIn, onlyAnswer, told } from '../fixtures/found.ts'
import { answer, bht, cells, clinic, interchange, member, payer, rows, trace } from '../fixtures/response.ts'
import { toContract } from './answer.ts'

const of = (...texts: string[]) => onlyAnswer(answer(rows(...texts)))
const benefit = (...texts: string[]) => told(of(...texts).benefits[0]) as Record<string, unknown>
const dependent = (hl: string, parent: string, ...texts: string[]) => rows(`HL*${hl}*${parent}*23*0`, ...texts)

describe('One EB of an answer', () => {
  const fields: [title: string, rows: string[], expected: Record<string, unknown>][] = [
    [
      'code, level, service types, insurance, plan, period',
      ['EB*B*IND*98^UC*HM*HELIO GOLD*27*25'],
      {
        code: { code: 'B', label: 'patient pays per visit' },
        level: { code: 'IND', label: 'one person' },
        serviceTypes: [
          { code: '98', label: 'physician, office visit' },
          { code: 'UC', label: 'urgent care' },
        ],
        insuranceType: { code: 'HM', label: 'HMO' },
        planText: 'HELIO GOLD',
        period: { code: '27', label: 'a visit' },
        amount: '25',
      },
    ],
    [
      'a code that nobody knows passes, without a label',
      ['EB*Q9*ZZZ*!!*QQ**99'],
      {
        code: { code: 'Q9' },
        level: { code: 'ZZZ' },
        serviceTypes: [{ code: '!!' }],
        insuranceType: { code: 'QQ' },
        period: { code: '99' },
      },
    ],
    ['money as it was written', ['EB*C*IND*30***23*1500.50'], { amount: '1500.50' }],
    ['a fraction without its zero', ['EB*A*IND*30*****.2'], { percent: '0.2', raw: ['EB', 'A', 'IND', '30', '', '', '', '', '.2'] }],
    ['a real zero, which is not "not told"', ['EB*A*IND*30*****0'], { percent: '0' }],
    ['a percentage where a fraction belongs', ['EB*A*IND*30*****20'], { percent: '20', percentScale: 'suspect' }],
    ['no amount where the payer wrote a word, which is kept', ['EB*B**98***27*FREE'], { raw: ['EB', 'B', '', '98', '', '', '27', 'FREE'] }],
    ['a negative amount', ['EB*C**30***29*-5'], { amount: '-5' }],
    ['quantity', ['EB*F**33***23***VS*20'], { quantity: { qualifier: { code: 'VS', label: 'visits' }, value: '20' } }],
    [
      'leave beforehand and network',
      ['EB*B**98***27*25****Y*W'],
      {
        authorization: { code: 'Y', label: 'leave needed beforehand' },
        network: { code: 'W', label: 'either network' },
      },
    ],
    [
      'procedure and diagnoses',
      ['EB*1**30**********HC:99213:25:59*1:2'],
      {
        procedure: { qualifier: 'HC', code: '99213', modifiers: ['25', '59'], rest: [] },
        diagnoses: ['1', '2'],
      },
    ],
    [
      'an empty repetition, kept as it was',
      ['EB*1**30^^98'],
      {
        serviceTypes: [
          { code: '30', label: 'the plan as a whole' },
          { code: '98', label: 'physician, office visit' },
        ],
        raw: ['EB', '1', '', '30^^98'],
      },
    ],
    [
      'own dates, D8 and RD8, ends, no end, and what cannot be read',
      ['EB*1**33', 'DTP*348*D8*20260101', 'DTP*349*D8*20261231', 'DTP*292*RD8*20260101-99991231', 'DTP*636*TM*0900'],
      {
        dates: [
          { qualifier: { code: '348', label: 'benefit begins' }, format: 'D8', from: '2026-01-01', raw: '20260101' },
          { qualifier: { code: '349', label: 'benefit ends' }, format: 'D8', to: '2026-12-31', raw: '20261231' },
          { qualifier: { code: '292', label: 'benefit' }, format: 'RD8', from: '2026-01-01', raw: '20260101-99991231' },
          { qualifier: { code: '636', label: 'last updated' }, format: 'TM', raw: '0900' },
        ],
      },
    ],
    [
      'references, messages, deliveries, settings',
      ['EB*B**98***27*25', 'HSD*VS*2***34', 'REF*18*PLN1*GOLD', 'MSG*SPECIALIST', 'III*ZZ*11'],
      {
        references: [{ qualifier: { code: '18', label: 'plan number' }, id: 'PLN1', text: 'GOLD' }],
        messages: ['SPECIALIST'],
        deliveries: [['VS', '2', '', '', '34']],
        settings: [['ZZ', '11']],
      },
    ],
    [
      'someone named with it, with or without LS',
      ['EB*L', 'NM1*P3*1*OKAFOR*ADA****XX*1234567893', 'PER*IC**TE*5125550100'],
      {
        related: [
          {
            party: {
              entity: { code: 'P3', label: 'doctor of first contact' },
              type: '1',
              name: 'OKAFOR',
              givenName: 'ADA',
              idQualifier: 'XX',
              id: '1234567893',
              references: [],
              contacts: [{ function: 'IC', ways: [{ qualifier: 'TE', value: '5125550100' }] }],
            },
            dates: [],
            other: [],
          },
        ],
      },
    ],
    ['a segment that has no field', ['EB*1**30', 'MPI*C*A*B'], { other: [['MPI', 'C', 'A', 'B']] }],
  ]
  for (const [title, texts, expected] of fields) it(`holds ${title}`, () => expect(benefit(...texts)).to.deep.include(expected))

  it('loses nothing: every element of every segment below it is in it', () => {
    const texts = [
      'EB*B*IND*98^UC*HM*HELIO GOLD*27*25.50*0.1*VS*3*Y*W*HC:99213:25*1:2',
      'HSD*VS*12*DA*5*34*1*A*B',
      'REF*18*PLN1*GOLD PLAN*XX:YY',
      'DTP*292*RD8*20260101-20261231*EXTRA',
      'MSG*SPECIALIST*MORE',
      'III*ZZ*11*44*TEXT',
      'LS*2120',
      'NM1*PRP*2*SECOND HEALTH*A*B*C*D*PI*SECOND1*E*F',
      'N3*1 LANE*FLOOR 2',
      'N4*AUSTIN*TX*78701*US*CY*7',
      'PER*IC*DESK*TE*5125550100*EM*A@B.EXAMPLE*UR*X.EXAMPLE*REST',
      'PRV*PE*PXC*207Q00000X',
      'DTP*290*D8*20250101',
      'LE*2120',
    ]
    const [read] = of(...texts).benefits
    const kept = JSON.stringify(read)
    for (const text of texts.filter((row) => !/^L[SE]/.test(row)))
      for (const cell of text.split(/[*^:]/).slice(1)) expect(kept, `${cell} of ${text}`).to.include(cell)
  })
  it('counts from 0, says where it stood, and keeps the order', () => {
    expect(of('EB*1**30', 'MSG*A', 'EB*B**98***27*25', 'EB*R').benefits.map(({ eb, segment, code }) => [eb, segment, code.code])).to.deep.equal([
      [0, 10, '1'],
      [1, 12, 'B'],
      [2, 13, 'R'],
    ])
  })
  it('is split by repetition only where the version has it', () => {
    const old = interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**1^30'))]], { version: '004010X092A1' }).replace('*^*00501', '*U*00401')
    expect(onlyAnswer(old).benefits[0]?.serviceTypes).to.deep.equal([{ code: '1^30' }])
  })
})

describe('Who an answer is about', () => {
  it('names payer, provider and subscriber with what is told of them', () => {
    const text = interchange([
      [
        bht(),
        ...payer,
        cells('PER*IC**TE*8005550100'),
        ...clinic,
        ...member([
          cells('REF*6P*GRP1*HELIO WORKS'),
          cells('N3*1 LANE'),
          cells('N4*AUSTIN*TX*78701'),
          ...rows('INS*Y*18*001*25', 'DTP*346*D8*20260101', 'EB*1**30'),
        ]),
      ],
    ])
    const read = told(onlyAnswer(text)) as ReturnType<typeof onlyAnswer>
    expect(read.payer).to.deep.include({
      name: 'HELIO HEALTH PLAN',
      id: 'HELIO1',
      contacts: [{ function: 'IC', ways: [{ qualifier: 'TE', value: '8005550100' }] }],
    })
    expect(read.provider).to.deep.include({ name: 'LAKESIDE CLINIC', idQualifier: 'XX', id: '1234567893' })
    expect(read.subscriber).to.deep.include({ name: 'MARLOWE', givenName: 'ROSA', id: 'HX4471002', birthDate: '1984-06-17', sex: 'F' })
    expect(read.subscriber?.address).to.deep.equal({ lines: ['1 LANE'], city: 'AUSTIN', state: 'TX', postalCode: '78701' })
    expect(read.patient).to.deep.include({ is: 'subscriber', corrected: true, relationship: { code: '18', label: 'self' } })
    expect(read.plan).to.deep.include({ group: { id: 'GRP1', name: 'HELIO WORKS' } })
    expect(read.plan.dates).to.have.length(1)
  })
  const both = [bht(), ...payer, ...clinic, ...member([cells('DTP*346*D8*20260101')], 'X', '3').filter((row) => row[0] !== 'TRN')]
  it('tells the dependent from the subscriber, who lends number and dates', () => {
    const read = onlyAnswer(interchange([[...both, ...dependent('4', '3', `TRN*2*${trace}*9HELIOXHUB`, 'NM1*03*1*MARLOWE*LEO', 'INS*N*19', 'EB*1**30')]]))
    expect(told(read.patient)).to.deep.include({ is: 'dependent', relationship: { code: '19', label: 'child' }, corrected: false })
    expect(read.patient.person).to.include({ givenName: 'LEO' })
    expect(read.subscriber).to.include({ givenName: 'ROSA', id: 'HX4471002' })
    expect(read.told).to.include({ memberId: 'HX4471002', givenName: 'LEO' })
    expect(read.plan.dates.map(({ from }) => from)).to.deep.equal(['2026-01-01'])
    expect(read).to.include({ verdict: 'active' })
  })
  it('lends no dates to a dependent with dates of its own', () => {
    const read = onlyAnswer(interchange([[...both, ...dependent('4', '3', `TRN*2*${trace}`, 'NM1*03*1*MARLOWE*LEO', 'DTP*347*D8*20260131', 'EB*1**30')]]))
    expect(read).to.deep.include({ verdict: 'unknown', basis: { eb: [0], rule: 'dates-exclude-day', inferred: false } })
  })
  it('is one per patient: two subscribers, one of them with two dependents', () => {
    const text = interchange([
      [
        bht(),
        ...payer,
        ...clinic,
        ...member(rows('EB*6**30'), 'A', '3'),
        ...member([], 'B', '4').filter((row) => row[0] !== 'TRN'),
        ...dependent('5', '4', 'TRN*2*C', 'NM1*03*1*MARLOWE*LEO', 'EB*1**30'),
        ...dependent('6', '4', 'TRN*2*D', 'NM1*03*1*MARLOWE*MIA', 'AAA*N**67*C'),
      ],
    ])
    expect(answersIn(text).map(({ verdict, match, patient }) => [match.traces[0]?.id, patient.is, verdict])).to.deep.equal([
      ['A', 'subscriber', 'inactive'],
      ['C', 'dependent', 'active'],
      ['D', 'dependent', 'rejected'],
    ])
  })
  it('is nobody where the request was turned down before anyone was named', () => {
    const read = onlyAnswer(interchange([[bht(), ...payer, cells('AAA*Y**42*R')]]))
    expect(read).to.deep.include({ verdict: 'rejected', notNow: true, benefits: [] })
    expect(read.patient.is).to.equal('nobody')
  })
})

describe('What an answer derives from its benefits', () => {
  it('the plan that the verdict rests on', () => {
    const { plan, basis } = of('EB*B**98**COPAY PLAN', 'EB*1**30*HM*HELIO GOLD', 'REF*18*PLN1')
    expect(basis.eb).to.deep.equal([1])
    expect(told(plan)).to.deep.include({ name: 'HELIO GOLD', insuranceType: { code: 'HM', label: 'HMO' } })
    expect(plan.ids.map(({ id }) => id)).to.deep.equal(['PLN1'])
  })
  it('the doctor of first contact', () => {
    const { pcp } = of('EB*1**30', 'EB*L', 'DTP*295*D8*20260201', 'LS*2120', 'NM1*P3*1*OKAFOR*ADA', 'LE*2120')
    expect([pcp?.eb, pcp?.party.name, pcp?.dates[0]?.from]).to.deep.equal([1, 'OKAFOR', '2026-02-01'])
  })
  for (const [entity, role] of [
    ['PRP', 'primary'],
    ['SEP', 'secondary'],
    ['TTP', 'tertiary'],
    ['PR', 'unknown'],
  ] as const)
    it(`another payer: ${entity} is ${role}`, () => {
      const { otherCoverage } = of('EB*R**30', 'REF*6P*OTHERGRP', 'DTP*290*D8*20250101', 'LS*2120', `NM1*${entity}*2*SECOND HEALTH*****PI*S1`, 'LE*2120')
      expect(otherCoverage).to.have.length(1)
      expect(otherCoverage[0]).to.include({ role, eb: 0 })
      expect([otherCoverage[0]?.payer?.name, otherCoverage[0]?.ids[0]?.id, otherCoverage[0]?.dates[0]?.from]).to.deep.equal([
        'SECOND HEALTH',
        'OTHERGRP',
        '2025-01-01',
      ])
    })
  it('another payer that is not named', () => {
    expect(of('EB*R**30').otherCoverage).to.have.length(1)
  })
  it('each reason of the payer with its place, and with its benefit where only that is meant', () => {
    const read = of('EB*1**30', 'EB*1**33', 'AAA*N**69*C', 'EB*1**35', 'AAA*Y**98*N')
    expect(told(read.rejections)).to.deep.equal([
      {
        loop: '2110C',
        requestValid: false,
        reason: { code: '69', label: 'does not fit the age of the patient' },
        followUp: { code: 'C', label: 'correct and ask again' },
        who: 'clinic',
        action: 'correct',
        benefit: 1,
      },
      {
        loop: '2110C',
        requestValid: true,
        reason: { code: '98', label: 'the payer counts the service as experimental' },
        followUp: { code: 'N', label: 'must not be asked again' },
        who: 'us',
        action: 'do-not-retry',
        benefit: 2,
      },
    ])
    expect(read.benefits.map(({ rejections }) => rejections)).to.deep.equal([[], [0], [1]])
    expect(read.verdict).to.equal('active')
  })
  it('the loop of a reason below a dependent', () => {
    const text = interchange([
      [
        bht(),
        ...payer,
        ...clinic,
        ...member().filter((row) => row[0] !== 'TRN'),
        ...dependent('4', '3', 'TRN*2*A', 'NM1*03*1*M*LEO', 'EB*1**30', 'EB*1**33', 'AAA*N**53*C'),
      ],
    ])
    expect(onlyAnswer(text).rejections.map(({ loop, benefit }) => [loop, benefit])).to.deep.equal([['2110D', 1]])
  })
  it('references of ours, where the file came from, and when it was answered', () => {
    const read = onlyAnswer(answer(rows('REF*EJ*ACC-1', 'EB*1**30')))
    expect(told(read.match)).to.deep.equal({ traces: [{ type: '2', id: trace, origin: '9HELIOXHUB' }], bht03: trace, patientAccount: 'ACC-1' })
    expect(read.source).to.deep.include({
      senderId: 'CLEARSIM',
      receiverId: 'HELIOXHUB',
      isa13: '000000905',
      gs06: '77',
      st02: '0001',
      version: '005010X279A1',
    })
    expect(read.answeredAt).to.equal('2026-12-01T09:10:00')
  })
  it('the same hash for the same set, whatever its line ends', () => {
    const [one, two, other] = [answer(rows('EB*1**30')), answer(rows('EB*1**30'), { lineBreak: '\r\n' }), answer(rows('EB*6**30'))].map(
      (text) => onlyAnswer(text).source.sha256,
    )
    expect(one).to.match(/^[0-9a-f]{64}$/)
    expect(two).to.equal(one)
    expect(other).not.to.equal(one)
  })
})

describe('What is odd about an answer', () => {
  const warnings = (text: string) => answersIn(text).flatMap((read) => read.warnings.map(({ code, segment, loop }) => [code, segment, ...(loop ? [loop] : [])]))
  const set = (body: string[][]) => [bht(), ...payer, ...clinic, ...member(body)]
  const cases: [title: string, text: string, expected: unknown[]][] = [
    ['nothing', answer(rows('EB*1**30')), []],
    ['the guide before this one', interchange([set(rows('EB*1**30'))], { version: '004010X092A1' }), [['old-version', 0]]],
    ['the guide without its correction is the same guide', interchange([set(rows('EB*1**30'))], { version: '005010X279' }), []],
    ['group and set name different guides: the set counts', answer(rows('EB*1**30')).replace('*X*005010X279A1', '*X*004010X092A1'), [['versions-differ', 0]]],
    ['a group that is marked as another kind', answer(rows('EB*1**30')).replace('GS*HB', 'GS*HC'), [['functional-id', 0]]],
    ['a percentage', answer(rows('EB*A**30*****20')), [['percent-scale', 10]]],
    ['an amount that is none', answer(rows('EB*B**98***27*FREE')), [['more-than-read', 10]]],
    ['a date that decides nothing and cannot be read', answer(rows('EB*1**33', 'DTP*636*TM*0900')), [['unreadable-date', 10]]],
    ['a reason where it does not belong', answer(rows('EB*1**30', 'EB*1**33', 'AAA*N**75*C')), [['unusual-reason', 11, '2110C']]],
  ]
  for (const [title, text, expected] of cases)
    it(`is said by code and place: ${title}`, () => {
      expect(warnings(text)).to.deep.equal(expected)
      if (expected.length > 0 && !title.startsWith('a reason')) expect(answersIn(text)[0]?.damage).to.equal(null)
    })
})

describe('An answer that nothing may be concluded from', () => {
  const cases: [title: string, text: string, rule: string, damage: string][] = [
    ['a set whose count is wrong', answer(rows('EB*1**30')).replace(/SE\*\d+/, 'SE*99'), 'damaged', 'count-mismatch'],
    [
      'a guide that we do not read',
      interchange([[bht(), ...payer, ...clinic, ...member(rows('EB*1**30'))]], { version: '006020X315' }),
      'unsupported-version',
      'unsupported-version',
    ],
    ['a tag that a 271 does not have, at the patient', answer(rows('DTQ*347*D8*20260101', 'EB*1**30')), 'damaged', 'bad-segment'],
    ['a deciding date that cannot be read', answer(rows('DTP*347*D8*20261301', 'EB*1**30')), 'damaged', 'bad-segment'],
    ['a level without its parent', answer(rows('EB*1**30')).replace('HL*3*2*22', 'HL*3*9*22'), 'damaged', 'hierarchy'],
    ['a text longer than any', answer(rows(`MSG*${'A'.repeat(2_001)}`, 'EB*1**30')), 'damaged', 'too-large'],
  ]
  for (const [title, text, rule, damage] of cases)
    it(`is unknown, with its traces and nothing else: ${title}`, () => {
      const read = onlyAnswer(text)
      expect(read).to.deep.include({ verdict: 'unknown', damage, basis: { eb: [], rule, inferred: false }, benefits: [], costShare: [], facts: null })
      expect(read.match.traces.map(({ id }) => id)).to.deep.equal([trace])
      expect(JSON.stringify(toContract(read))).not.to.match(/MARLOWE|ROSA|HX4471002|1984/)
    })
  it('does not touch other patients of its set, nor the subscriber of a damaged dependent', () => {
    const text = interchange([
      [
        bht(),
        ...payer,
        ...clinic,
        ...member(rows('XX1*A', 'EB*1**30'), 'A', '3'),
        ...member(rows('EB*1**30'), 'B', '4'),
        ...dependent('5', '4', 'TRN*2*C', 'NM1*03*1*M*LEO', 'XX1*A', 'EB*1**30'),
      ],
    ])
    expect(answersIn(text).map(({ verdict, damage, match }) => [match.traces[0]?.id, verdict, damage])).to.deep.equal([
      ['A', 'unknown', 'bad-segment'],
      ['B', 'active', null],
      ['C', 'unknown', 'bad-segment'],
    ])
  })
  it('takes everyone below with it', () => {
    const text = interchange([[bht(), ...payer, cells('XX1*A'), ...clinic, ...member(rows('EB*1**30'))]])
    expect(answersIn(text).map(({ verdict }) => verdict)).to.deep.equal(['unknown'])
  })
})
