import { expect } from 'chai'
import { answer, bht, clinic, type EnvelopeOptions, interchange, member, payer, rows } from '../fixtures/response.ts'
import { type Found, problemsOf, type Transaction } from './found.ts'
import { readX12, readX12Stream } from './read.ts'
import { segmentsOf } from './segment.ts'
import { verifyX12, verifyX12Stream } from './verify.ts'

const read = (file: string | Buffer): Found[] => [...readX12(Buffer.from(file as string))]
const of = <K extends Found['is']>(found: readonly Found[], is: K): Extract<Found, { is: K }>[] =>
  found.filter((item): item is Extract<Found, { is: K }> => item.is === is)
const transactions = (file: string | Buffer): Transaction[] => of(read(file), 'transaction').map((item) => item.transaction)
/** `SE01 count-mismatch @431`, in file order. */
const problems = (file: string | Buffer): string[] => read(file).flatMap((item) => problemsOf(item).map((p) => `${p.place} ${p.code} @${p.at}`))
const ebs = (file: string | Buffer): string[] =>
  transactions(file).flatMap((t) => segmentsOf(t).flatMap((s) => (s[0] === 'EB' ? [s.join(t.delimiters.element)] : [])))

const active = rows('EB*1**30', 'EB*B*IND*98***27*25')
const whole = answer(active)
const threePatients = interchange(['ONE', 'TWO', 'THREE'].map((trace) => [bht(trace), ...payer, ...clinic, ...member(active, trace)]))
const ta1 = ['TA1', '000000101', '261201', '0910', 'A', '000']

describe('The X12 reader', () => {
  it('reads a plain 271: one interchange, one transaction, nothing to complain about', () => {
    expect(read(whole).map((item) => item.is)).to.deep.equal(['interchange', 'transaction', 'interchange-end', 'end'])
    const [transaction] = transactions(whole)
    expect(transaction).to.include({ set: '271', control: '0001', version: '005010X279A1', at: whole.indexOf('ST*'), problems: transaction?.problems })
    expect(transaction?.bytes).to.equal(whole.indexOf('GE*') - whole.indexOf('ST*'))
    expect(transaction?.group).to.include({ functionalId: 'HB', sender: 'CLEARSIM', receiver: 'HELIOXHUB', control: '77', version: '005010X279A1' })
    expect(transaction?.interchange.elements.slice(12)).to.deep.equal(['00501', '000000905', '0', 'T', ':'])
    expect(problems(whole)).to.deep.equal([])
  })
  it('gives every element where it stands, and keeps tags and codes that nobody knows', () => {
    const file = answer(rows('EB*ZZ**XX^YY*****0**:A:', 'ZZ9*any*thing'))
    const segments = transactions(file).flatMap(segmentsOf)
    expect(segments[0]?.[0]).to.equal('ST')
    expect(segments.at(-1)?.[0]).to.equal('SE')
    expect(segments).to.deep.include(['EB', 'ZZ', '', 'XX^YY', '', '', '', '', '0', '', ':A:'])
    expect(segments).to.deep.include(['ZZ9', 'any', 'thing'])
    expect(problems(file)).to.deep.equal([])
  })
  it('takes ? for an ordinary character, so that no inactive answer hides behind it', () => {
    expect(ebs(answer(rows('MSG*COVERED?', 'EB*6**30')))).to.deep.equal(['EB*6**30'])
  })

  describe('delimiters', () => {
    const choices: [title: string, options: EnvelopeOptions][] = [
      ['| ^ > and LF', { element: '|', component: '>', terminator: '\n' }],
      ['CR', { terminator: '\r' }],
      ['CR LF as one', { terminator: '\r', lineBreak: '\n' }],
      ['0x1D, 0x1F and 0x1C', { element: '\x1d', component: '\x1f', terminator: '\x1c' }],
      ['0x1E', { terminator: '\x1e' }],
      ['a tab between elements', { element: '\t' }],
      ['characters that mean something to a regular expression', { element: '.', repetition: '(', component: '[', terminator: '\\', lineBreak: '\r\n' }],
      ['a line break after each segment', { lineBreak: '\n' }],
      ['a section sign in Latin-1', { terminator: '\xa7' }],
    ]
    for (const [title, options] of choices)
      it(`may be ${title}`, () => {
        const file = Buffer.from(answer(active, options), 'latin1')
        expect(problems(file)).to.deep.equal([])
        expect(ebs(file).map((eb) => eb.replaceAll(options.element ?? '*', '*'))).to.deep.equal(['EB*1**30', 'EB*B*IND*98***27*25'])
      })
    it('are read again at every interchange', () => {
      const file = answer(rows('EB*1**30'), { element: '|', terminator: '\n' }) + answer(rows('EB*6**30'), { element: '>', component: '<', terminator: '\x1d' })
      expect(ebs(file)).to.deep.equal(['EB|1||30', 'EB>6>>30'])
      expect(problems(file)).to.deep.equal([])
    })
    it('know no repetition in 4010, where ISA11 says U', () => {
      const file = whole.replace('*^*00501', '*U*00401')
      expect(transactions(file)[0]?.delimiters.repetition).to.equal(null)
      expect(problems(file)).to.deep.equal([])
    })
    it('are damage where a 5010 interchange says U: no transaction of it verifies', () => {
      const file = whole.replace('*^*00501', '*U*00501')
      expect(problems(file)).to.deep.equal(['ISA11 delimiters @82', 'ISA11 delimiters @82'])
      expect(transactions(file)[0]?.problems).to.have.length(1)
    })
    it('cannot be relied on where ISA12 is no version: it decides what ISA11 is', () => {
      expect(problems(whole.replace('*00501*', '*0050A*'))).to.deep.equal(['ISA12 unsupported-version @84', 'ISA12 unsupported-version @84'])
    })
    it('are damage where two are the same', () => {
      expect(problems(whole.replace('*T*:~', '*T*^~'))[0]).to.equal('ISA11 delimiters @82')
      expect(problems(whole.replace('*T*:~', '*T**~'))[0]).to.equal('ISA16 delimiters @104')
    })
    for (const terminator of ['A', '7', ' ', '*', '\0'])
      it(`cannot be ${JSON.stringify(terminator)}: that is no interchange`, () => {
        const file = whole.slice(0, 105) + terminator + whole.slice(106)
        expect(of(read(file), 'interchange')).to.have.length(0)
        expect(problems(file)).to.deep.equal(['ISA delimiters @0', 'file not-x12 @0'])
      })
  })

  describe("a stranger's file", () => {
    it('may begin with a byte order mark', () => {
      expect(problems(`\uFEFF${whole}`)).to.deep.equal([])
      expect(of(read(`\uFEFF${whole}`), 'junk')).to.deep.equal([{ is: 'junk', at: 0, bytes: 3, harmless: true, problems: [] }])
    })
    it('may have blanks, line ends, NUL and 0x1A around it, and says how many', () => {
      const file = `\r\n \t${whole}\r\n\x1a\0\0`
      expect(problems(file)).to.deep.equal([])
      expect(of(read(file), 'junk').map((junk) => [junk.at, junk.bytes, junk.harmless])).to.deep.equal([
        [0, 4, true],
        [file.length - 3, 3, true],
      ])
    })
    for (const [lineBreak, width] of [
      ['\r\n', 80],
      ['\n', 80],
      ['\r\n', 72],
      ['\n', 128],
      ['\r', 133],
    ] as const)
      it(`may be wrapped at column ${width} with ${JSON.stringify(lineBreak)}`, () => {
        const file = wrap(threePatients, width, lineBreak)
        expect(problems(file)).to.deep.equal([])
        expect(transactions(file).map((t) => t.text)).to.deep.equal(transactions(threePatients).map((t) => t.text))
        expect(file.slice(transactions(file)[2]?.at).replaceAll(lineBreak, '')).to.match(/^ST\*271\*0003/)
      })
    it('may be wrapped and hold two interchanges, the second in mid-line', () => {
      const file = wrap(whole + answer(rows('EB*6**30'), { element: '|', terminator: '!' }), 80, '\r\n')
      expect(problems(file)).to.deep.equal([])
      expect(ebs(file)).to.deep.equal(['EB*1**30', 'EB*B*IND*98***27*25', 'EB|6||30'])
    })
    it('may be several wrapped files behind one another, each ending in a short line, with fill behind the last', () => {
      const one = wrap(interchange([], { ta1 }), 80, '\r\n')
      const file = `${one}\r\n${one}\r\n${wrap(whole, 80, '\r\n')}\r\n${'\0'.repeat(300)}`
      expect(problems(file)).to.deep.equal([])
      expect(of(read(file), 'interchange')).to.have.length(3)
    })
    it('is damaged where one line break stands inside the ISA, wherever it is', () => {
      for (let at = 1; at < 105; at += 1) expect(problems(`${whole.slice(0, at)}\n${whole.slice(at)}`), `at ${at}`).not.to.deep.equal([])
    })
    it('is damaged where a single line break stands inside a segment', () => {
      const file = whole.replace('MARLOWE', 'MAR\nLOWE')
      expect(problems(file)).to.deep.equal([`segment 9 bad-segment @${file.indexOf('NM1*IL')}`])
    })
    it('may be a TA1 alone', () => {
      const file = interchange([], { ta1 })
      expect(problems(file)).to.deep.equal([])
      expect(of(read(file), 'ta1').map((item) => item.elements)).to.deep.equal([ta1])
    })
    it('may have several TA1, and one in front of a group', () => {
      const file = interchange([[bht()]], { ta1 }).replace('TA1*', 'TA1*000000100*261201*0910*R*025~TA1*')
      expect(of(read(file), 'ta1').map((item) => item.elements[4])).to.deep.equal(['R', 'A'])
      expect(transactions(file)).to.have.length(1)
      expect(problems(file)).to.deep.equal([])
    })
    it('may write names in UTF-8 or in Latin-1, and neither becomes a question mark', () => {
      const file = whole.replace('MARLOWE', 'NÚÑEZ')
      expect(transactions(Buffer.from(file, 'utf8'))[0]).to.include({ encoding: 'utf8' })
      expect(transactions(Buffer.from(file, 'utf8'))[0]?.text).to.include('NÚÑEZ')
      expect(transactions(Buffer.from(file, 'latin1'))[0]).to.include({ encoding: 'latin1' })
      expect(transactions(Buffer.from(file, 'latin1'))[0]?.text).to.include('NÚÑEZ')
    })
    it('has the same text, so the same hash, whatever the transfer did to its line ends', () => {
      const texts = ['', '\n', '\r\n', '\r', '\n\n'].map((lineBreak) => transactions(answer(active, { lineBreak }))[0]?.text)
      expect(new Set(texts).size).to.equal(1)
      const irregular = whole.replaceAll('~', (_, at: number) => (at % 2 ? '~\n' : '~\r\n'))
      expect(transactions(irregular)[0]?.text).to.equal(texts[0])
    })
    for (const [title, file] of [
      ['nothing', ''],
      ['blanks', ' \r\n'],
      ['XML', '<x12/>'],
      ['text about ISA', 'ISAAC*IS*HERE'],
      ['an X12 file in UTF-16', Buffer.from(whole, 'utf16le')],
    ] as const)
      it(`is no X12 when it holds ${title}`, () => {
        expect(problems(file).at(-1)).to.equal('file not-x12 @0')
        expect(verifyX12(Buffer.from(file as string)).intact).to.equal(false)
      })
  })

  describe('between interchanges', () => {
    it('goes on at the next real ISA, not at the text ISA', () => {
      const file = `${whole}NM1*IL*1*ISAAC~ISA*NO~${whole}`
      expect(transactions(file)).to.have.length(2)
      expect(problems(file)).to.deep.equal([
        `between interchanges foreign-bytes @${whole.length}`,
        `ISA delimiters @${whole.length + 'NM1*IL*1*ISAAC~'.length}`,
      ])
    })
    it('is not led astray by a member called ISAAC', () => {
      const file = whole.replace('MARLOWE*ROSA', 'ISA*ISAAC').replace('HELIO HEALTH PLAN', `ISA*${'ISAAC '.repeat(30)}`)
      expect(problems(file)).to.deep.equal([])
    })
    it('knows an ISA of another length for what it is, and reads the next one', () => {
      const short = whole.replace('CLEARSIM       *', 'CLEARSIM*')
      expect(problems(short + whole)).to.deep.equal(['ISA delimiters @0'])
      expect(transactions(short + whole)).to.have.length(1)
    })
  })

  describe('of a damaged file', () => {
    it('tells exactly one transaction from its siblings', () => {
      const file = threePatients.replace(/SE\*(\d+)\*0002/, 'SE*99*0002')
      expect(transactions(file).map((t) => t.problems.length)).to.deep.equal([0, 1, 0])
      expect(problems(file)).to.deep.equal([`SE01 count-mismatch @${file.indexOf('SE*99')}`])
    })
    const cases: [title: string, file: string, expected: (file: string) => string[]][] = [
      ['a count with a letter', whole.replace(/SE\*(\d+)/, 'SE*$1X'), (f) => [`SE01 count-mismatch @${f.indexOf('SE*')}`]],
      ['GE01 wrong', whole.replace('GE*1*', 'GE*2*'), (f) => [`GE01 count-mismatch @${f.indexOf('GE*')}`]],
      ['IEA01 wrong', whole.replace('IEA*1*', 'IEA*0*'), (f) => [`IEA01 count-mismatch @${f.indexOf('IEA*')}`]],
      [
        'numbers that only parseInt takes for equal',
        whole.replace('IEA*1*000000905', 'IEA*1*00000905X'),
        (f) => [`IEA02 control-number-mismatch @${f.indexOf('IEA*')}`],
      ],
      [
        'numbers that are both no number',
        whole.replace('*000000905*', '*ABC000001*').replace('IEA*1*000000905', 'IEA*1*XYZ999999'),
        (f) => [`IEA02 control-number-mismatch @${f.indexOf('IEA*')}`],
      ],
      ['numbers that are equal as numbers only', whole.replace('GE*1*77', 'GE*1*077'), (f) => [`GE02 control-number-mismatch @${f.indexOf('GE*')}`]],
      ['SE02 of another', whole.replace(/(SE\*\d+)\*0001/, '$1*0002'), (f) => [`SE02 control-number-mismatch @${f.indexOf('SE*')}`]],
      ['an ST without a number', whole.replace('*0001*', '**').replace(/(SE\*\d+)\*0001/, '$1*'), (f) => [`SE02 control-number-mismatch @${f.indexOf('SE*')}`]],
      ['no SE', whole.replace(/SE\*\d+\*0001~/, ''), (f) => [`SE truncated @${f.indexOf('GE*')}`]],
      ['no GE', whole.replace('GE*1*77~', ''), (f) => [`GE truncated @${f.indexOf('IEA*')}`]],
      ['no IEA', whole.replace('IEA*1*000000905~', ''), (f) => [`IEA truncated @${f.length}`]],
      ['no terminator at the end', whole.slice(0, -1), (f) => [`IEA truncated @${f.length}`]],
      [
        'an ST outside a group',
        whole
          .replace(/GS\*[^~]*~/, '')
          .replace('GE*1*77~', '')
          .replace('IEA*1', 'IEA*0'),
        (f) => [`ST envelope-order @${f.indexOf('ST*')}`],
      ],
      [
        'an SE without an ST',
        whole.replace(/ST\*271\*[^~]*~/, ''),
        (f) => [...loose(f), `SE envelope-order @${f.indexOf('SE*')}`, `GE01 count-mismatch @${f.indexOf('GE*')}`],
      ],
      [
        'an ST inside an ST',
        whole.replace('HL*2*', 'ST*271*0009~HL*2*'),
        (f) => [
          `SE truncated @${f.indexOf('ST*271*0009')}`,
          `SE01 count-mismatch @${f.indexOf('SE*')}`,
          `SE02 control-number-mismatch @${f.indexOf('SE*')}`,
          `GE01 count-mismatch @${f.indexOf('GE*')}`,
        ],
      ],
      ['an empty segment', whole.replace('~EB', '~~EB'), (f) => [`segment 11 bad-segment @${f.indexOf('~~') + 1}`, `SE01 count-mismatch @${f.indexOf('SE*')}`]],
      ['a segment without elements', whole.replace('DMG*D8*19840617*F', 'ZZZ'), (f) => [`segment 10 bad-segment @${f.indexOf('ZZZ')}`]],
      ['a tag in small letters', whole.replace('DMG*', 'dmg*'), (f) => [`segment 10 bad-segment @${f.indexOf('dmg')}`]],
      ['a control character in a value', whole.replace('MARLOWE', 'MAR\x01OWE'), (f) => [`segment 9 bad-segment @${f.indexOf('NM1*IL')}`]],
      [
        'a TA1 inside a transaction',
        whole.replace('HL*2*', 'TA1*1~HL*2*').replace(/SE\*(\d+)/, (_, n) => `SE*${Number(n) + 1}`),
        (f) => [`segment 5 envelope-order @${f.indexOf('TA1')}`],
      ],
    ]
    for (const [title, file, expected] of cases)
      it(`says what and where: ${title}`, () => {
        expect(problems(file)).to.deep.equal(expected(file))
        expect(of(read(file), 'interchange-end')).to.have.length(1)
      })
    it('closes an interchange that another one cuts off, at a segment or inside one, with the same delimiters or others', () => {
      for (const next of [whole, answer(active, { element: '|', terminator: '!' })])
        for (let cut = 106; cut < whole.length; cut += 1) {
          const items = read(whole.slice(0, cut) + next)
          expect(
            of(items, 'interchange').map((item) => item.head.at),
            `cut at ${cut}`,
          ).to.deep.equal([0, cut])
          const [first, second] = of(items, 'interchange-end')
          expect(first?.problems.at(-1), `cut at ${cut}`).to.deep.equal({ code: 'truncated', at: cut, place: 'IEA' })
          expect(second?.problems).to.deep.equal([])
          expect(of(items, 'transaction').at(-1)?.transaction.problems).to.deep.equal([])
        }
    })
    it('finds it out wherever a file is cut off', () => {
      for (let cut = 0; cut < threePatients.length; cut += 1) {
        const items = read(threePatients.slice(0, cut))
        expect(
          items.some((item) => problemsOf(item).length > 0),
          `cut at ${cut}`,
        ).to.equal(true)
        // Whatever is said to verify ends before the cut, whole.
        for (const { transaction } of of(items, 'transaction'))
          if (transaction.problems.length === 0) expect(threePatients.slice(0, cut)).to.include(`${transaction.text}~`)
      }
    })
    it('puts no value of the file into a problem', () => {
      for (const [, file] of cases) expect(JSON.stringify(read(file).map(problemsOf))).not.to.match(/MARLOWE|ROSA|HX4471002|19840617/)
    })
  })

  it('reads a stream as it reads a buffer', async () => {
    async function* chunks() {
      for (let at = 0; at < threePatients.length; at += 100) yield Buffer.from(threePatients.slice(at, at + 100))
    }
    const items: Found[] = []
    for await (const item of readX12Stream(chunks())) items.push(item)
    expect(items).to.deep.equal(read(threePatients))
    expect(await verifyX12Stream(chunks())).to.deep.equal(verifyX12(Buffer.from(threePatients)))
  })
  it('verifies without decoding, with the same problems at the same places', () => {
    const file = threePatients.replace(/SE\*(\d+)\*0002/, 'SE*99*0002').replace('IEA*1', 'IEA*3')
    const verification = verifyX12(Buffer.from(file))
    expect(verification).to.deep.include({
      intact: false,
      interchanges: 1,
      groups: 1,
      transactions: 3,
      damagedTransactions: 1,
      acknowledgements: 0,
      problemCount: 2,
    })
    expect(verification.problems).to.deep.equal(read(file).flatMap(problemsOf))
    expect(verifyX12(Buffer.from(threePatients)).intact).to.equal(true)
  })
})

/** Every segment of the body is loose when its ST is missing. */
function loose(file: string): string[] {
  const body = file.slice(file.indexOf('BHT*'), file.indexOf('SE*')).split('~').slice(0, -1)
  let at = file.indexOf('BHT*')
  return body.map((segment) => {
    const said = `between transactions envelope-order @${at}`
    at += segment.length + 1
    return said
  })
}

function wrap(text: string, width: number, lineBreak: string): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []).join(lineBreak)
}
