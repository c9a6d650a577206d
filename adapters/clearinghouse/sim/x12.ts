/**
 * The simulator's own X12: written apart from the adapter's codec on purpose, so that a mistake in one does not hide in the other.
 */
export interface Inquiry {
  submitter: string
  receiver: string
  usage: string
  control: string
  group: string
  reference: string
  payer: { name: string; id: string }
  provider: { name: string; npi: string }
  trace: { id: string; origin: string }
  member: { id: string; family: string; given: string; born: string; sex: string }
  /** CCYYMMDD */
  day: string
  serviceTypes: string[]
}

/** A 270, or the reason why it is none. */
export function parse270(text: string): Inquiry | { refused: string } {
  if (!/^ISA.{102}[^A-Za-z0-9 ]$/s.test(text.slice(0, 106))) return { refused: 'no ISA' }
  const [separator, terminator] = [text[3] ?? '*', text[105] ?? '~']
  const rows = text
    .split(terminator)
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => row.split(separator))
  const row = (tag: string, ...values: string[]) => rows.find((r) => r[0] === tag && values.every((v, i) => r[i + 1] === v))
  const need = (tag: string, ...values: string[]): string[] => row(tag, ...values) ?? []
  const [isa, gs, st, se, iea] = [need('ISA'), need('GS'), need('ST'), need('SE'), need('IEA')]
  if (st[1] !== '270' || gs[8] !== '005010X279A1' || isa[12] !== '00501') return { refused: 'not a 005010X279A1 270' }
  const length = rows.findIndex((r) => r[0] === 'SE') - rows.findIndex((r) => r[0] === 'ST') + 1
  if (Number(se[1]) !== length || se[2] !== st[2] || iea[2] !== isa[13] || need('GE')[2] !== gs[6]) return { refused: 'counts or control numbers' }
  const [payer, provider, member, demographics, trn] = [need('NM1', 'PR'), need('NM1', '1P'), need('NM1', 'IL'), need('DMG'), need('TRN', '1')]
  const inquiry: Inquiry = {
    submitter: isa[6]?.trim() ?? '',
    receiver: isa[8]?.trim() ?? '',
    usage: isa[15] ?? '',
    control: isa[13] ?? '',
    group: gs[6] ?? '',
    reference: need('BHT', '0022', '13')[3] ?? '',
    payer: { name: payer[3] ?? '', id: payer[9] ?? '' },
    provider: { name: provider[3] ?? '', npi: provider[9] ?? '' },
    trace: { id: trn[2] ?? '', origin: trn[3] ?? '' },
    member: { id: member[9] ?? '', family: member[3] ?? '', given: member[4] ?? '', born: demographics[2] ?? '', sex: demographics[3] ?? '' },
    day: need('DTP', '291')[3] ?? '',
    serviceTypes: rows.filter((r) => r[0] === 'EQ').map((r) => r[1] ?? ''),
  }
  const required = [inquiry.reference, inquiry.payer.id, inquiry.provider.npi, inquiry.trace.id, inquiry.member.id, inquiry.member.family, inquiry.day]
  return required.includes('') || inquiry.serviceTypes.length === 0 ? { refused: 'a required element is missing' } : inquiry
}

/** Wraps the rows between BHT and SE into an interchange back to the sender. */
export function write271(inquiry: Inquiry, rows: string[][], at: Date, number: number): string {
  const pad = (text: string) => text.padEnd(15).slice(0, 15)
  const stamp = at.toISOString()
  const [date, time] = [stamp.slice(0, 10).split('-').join(''), stamp.slice(11, 13) + stamp.slice(14, 16)]
  const control = `${number}`.padStart(9, '0')
  const inside = [['ST', '271', '0001', '005010X279A1'], ['BHT', '0022', '11', inquiry.reference, date, time], ...rows]
  const all = [
    [
      'ISA',
      '00',
      ' '.repeat(10),
      '00',
      ' '.repeat(10),
      'ZZ',
      pad(inquiry.receiver),
      'ZZ',
      pad(inquiry.submitter),
      date.slice(2),
      time,
      '^',
      '00501',
      control,
      '0',
    ],
    ['GS', 'HB', inquiry.receiver, inquiry.submitter, date, time, `${number}`, 'X', '005010X279A1'],
    ...inside,
    ['SE', `${inside.length + 1}`, '0001'],
    ['GE', '1', `${number}`],
    ['IEA', '1', control],
  ]
  all[0]?.push(inquiry.usage, ':')
  return all.map((cells) => `${cells.join('*').replace(/\*+$/, '')}~`).join('\n')
}
