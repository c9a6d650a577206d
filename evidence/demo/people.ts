/** Invented people. `expect` is what their intake must come to. */
export interface DemoPerson {
  title: string
  answers: Record<string, unknown>
  card: string
  /** `second`: of the insurance that pays after the first, of which no payer was asked. */
  expect: { coverage: 'active' | 'cancelled'; second?: 'draft'; needsOps: boolean }
  /** The clinic has a chart of this person already, with these words in it: operations find out that it is the same person. */
  chart?: { mrn: string; phone: string; sinceYear: number }
}

const address = (line1: string) => ({ line1, line2: null, city: 'Austin', state: 'TX', postalCode: '78701' })

export const people: readonly DemoPerson[] = [
  {
    title: 'covered',
    answers: {
      givenName: 'Amaya',
      familyName: 'Testwell',
      birthDate: '1984-03-09',
      payerSex: 'F',
      phone: '+1 512 555 0101',
      email: 'amaya@example.com',
      address: address('1 Sample Street'),
      payerId: 'HELIO1',
      memberId: 'HLX100200',
      groupNumber: 'G-77',
    },
    card: '4242424242424242',
    expect: { coverage: 'active', needsOps: false },
  },
  {
    title: 'not covered any more',
    answers: {
      givenName: 'Boris',
      familyName: 'Exampleton',
      birthDate: '1971-11-30',
      payerSex: 'M',
      phone: '512-555-0102',
      email: null,
      address: address('2 Sample Street'),
      payerId: 'HELIO1',
      memberId: 'INACT300',
      groupNumber: null,
      gender: 'male',
      secondary: { payerId: null, payerText: 'Prairie Farm Mutual', memberId: 'PFM-4410', groupNumber: null },
    },
    card: '4242424242424242',
    expect: { coverage: 'cancelled', second: 'draft', needsOps: false },
  },
  {
    title: 'the insurer cannot answer; operations confirm by hand',
    answers: {
      givenName: 'Chidi',
      familyName: 'Placeholder',
      birthDate: '1999-07-04',
      payerSex: 'M',
      phone: '(512) 555-0103',
      email: 'chidi@example.com',
      address: address('3 Sample Street'),
      payerId: 'QUIET3',
      memberId: 'QV777',
      groupNumber: null,
    },
    card: '4242424242424242',
    expect: { coverage: 'active', needsOps: true },
  },
  {
    title: 'has been here before; operations choose the chart',
    answers: {
      givenName: 'Delia',
      familyName: 'Mustermann',
      birthDate: '1966-09-21',
      payerSex: 'F',
      phone: '512-555-0104',
      email: null,
      address: address('4 Sample Street'),
      payerId: 'HELIO1',
      memberId: 'HLX100204',
      groupNumber: null,
    },
    card: '4242424242424242',
    expect: { coverage: 'active', needsOps: false },
    chart: { mrn: 'MRN-20417', phone: '+1 512 555 0177', sinceYear: 2019 },
  },
]

/** At the practice on the Rhine: what she types is German, and so is how she writes it. */
export const rhinePerson = {
  title: 'of another country than most insurers',
  answers: {
    givenName: 'Jörgine',
    familyName: 'Musterweiß',
    birthDate: '1979-06-17',
    payerSex: 'F',
    phone: '0221/4710 123',
    email: 'joergine@example.com',
    address: { line1: 'Domkloster 4', line2: 'Hinterhaus', city: 'Köln', country: 'DE', postalCode: '50667' },
    payerId: 'HELIO1',
    memberId: 'HLX100205',
    groupNumber: null,
  },
  card: '4242424242424242',
  expect: { coverage: 'active', needsOps: false },
} as const satisfies DemoPerson

const firstPhone = 5_122_000_000
const daysOfYear = 365
let made = 0

/**
 * One more person, who has neither name, birth date nor phone of anybody before: who looks like a chart that is there waits until somebody
 * compared them. `answers`: what matters about this one.
 */
export function somebody(answers: Record<string, unknown> = {}): DemoPerson {
  const [person] = people
  if (!person) throw new Error('the demo has people')
  made += 1
  const born = new Date(Date.UTC(1950, 0, 1 + (made % (50 * daysOfYear)))).toISOString().slice(0, 10)
  const own = { familyName: `Testwell${letters(made)}`, birthDate: born, phone: `+1${firstPhone + made}` }
  return { ...person, answers: { ...person.answers, ...own, ...answers } }
}

/** Names have no digits. */
const letters = (n: number): string => [...n.toString(26)].map((digit) => String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 26))).join('')
