import { countryCodes } from './countries.ts'

/**
 * What makes a postal address, said once: the page, the api and the tests ask here. A country outside the table has codes of a
 * form that we do not know, or none: it is taken as written.
 */
export interface PostalAddress {
  line1: string
  line2: string | null
  city: string
  /** ISO 3166-1 alpha-2. */
  country: string
  /** In the United States the two letters of a state; elsewhere a region in words, where people write one. */
  state: string | null
  postalCode: string | null
}

/** USPS: the states, the District of Columbia, the territories and freely associated states, and the armed forces. */
export const usStateCodes = [
  ...['AL', 'AK', 'AZ', 'AR', 'CA', 'CO', 'CT', 'DE', 'DC', 'FL', 'GA', 'HI', 'ID', 'IL', 'IN', 'IA', 'KS', 'KY', 'LA', 'ME', 'MD', 'MA', 'MI', 'MN'],
  ...['MS', 'MO', 'MT', 'NE', 'NV', 'NH', 'NJ', 'NM', 'NY', 'NC', 'ND', 'OH', 'OK', 'OR', 'PA', 'RI', 'SC', 'SD', 'TN', 'TX', 'UT', 'VT', 'VA', 'WA'],
  ...['WV', 'WI', 'WY', 'AS', 'FM', 'GU', 'MH', 'MP', 'PR', 'PW', 'VI', 'AA', 'AE', 'AP'],
] as const
export type UsState = (typeof usStateCodes)[number]

interface PostalRule {
  /** As the country's post writes it: `#` a digit, `@` a letter, `*` either; anything else stands for itself. */
  form: string
  example: string
  /** What people put before it besides the two letters of the country: the letters of the number plate. */
  plate?: string
}
const postalRules: Readonly<Record<string, PostalRule>> = {
  AT: { form: '####', example: '1010', plate: 'A' },
  BE: { form: '####', example: '1000', plate: 'B' },
  BG: { form: '####', example: '1000' },
  CH: { form: '####', example: '8001' },
  CY: { form: '####', example: '1010' },
  CZ: { form: '### ##', example: '110 00' },
  DE: { form: '#####', example: '50667', plate: 'D' },
  DK: { form: '####', example: '1050' },
  EE: { form: '#####', example: '10111', plate: 'EST' },
  ES: { form: '#####', example: '28013', plate: 'E' },
  FI: { form: '#####', example: '00100', plate: 'FIN' },
  FR: { form: '#####', example: '75001', plate: 'F' },
  GR: { form: '### ##', example: '104 31' },
  HR: { form: '#####', example: '10000' },
  HU: { form: '####', example: '1051', plate: 'H' },
  IE: { form: '@#* ****', example: 'D02 X285' },
  IS: { form: '###', example: '101' },
  IT: { form: '#####', example: '00184', plate: 'I' },
  LI: { form: '####', example: '9490', plate: 'FL' },
  LT: { form: 'LT-#####', example: 'LT-01103' },
  LU: { form: '####', example: '1009', plate: 'L' },
  LV: { form: 'LV-####', example: 'LV-1010' },
  MT: { form: '@@@ ####', example: 'VLT 1117' },
  NL: { form: '#### @@', example: '1012 JS' },
  NO: { form: '####', example: '0150', plate: 'N' },
  PL: { form: '##-###', example: '00-001' },
  PT: { form: '####-###', example: '1100-148', plate: 'P' },
  RO: { form: '######', example: '010011' },
  SE: { form: '### ##', example: '111 20', plate: 'S' },
  SI: { form: '####', example: '1000', plate: 'SLO' },
  SK: { form: '### ##', example: '811 01' },
}
const zipForm = /^\d{5}(-?\d{4})?$/
/** Between two and four characters, then a digit and two letters. */
const britishForm = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/
export const postalCodeCharsMax = 12
const looseForm = /^[A-Z\d](?:[A-Z\d -]{0,10}[A-Z\d])?$/
/** Here a region is part of how people write an address; in the rest of the table nobody has one. */
const withRegion: ReadonlySet<string> = new Set(['ES', 'IE', 'IT', 'RO'])

/** What is asked for beside street, postal code and town. */
export function regionAskedIn(country: string): 'state' | 'region' | null {
  if (country === 'US') return 'state'
  return country === 'GB' || (postalRules[country] && !withRegion.has(country)) ? null : 'region'
}

/** What stands under the street, in the country's order; one page and one list of what is wrong follow it. */
export function addressFieldsOf(country: string): readonly ('city' | 'state' | 'region' | 'postalCode')[] {
  const region = regionAskedIn(country)
  const codeFirst = country in postalRules && country !== 'IE'
  return [
    ...(codeFirst ? (['postalCode', 'city'] as const) : (['city'] as const)),
    ...(region ? [region] : []),
    ...(codeFirst ? [] : (['postalCode'] as const)),
  ]
}

interface PostalCodeFacts {
  /** Not everybody in Ireland knows theirs; elsewhere a country may have none. */
  required: boolean
  digitsOnly: boolean
  /** Null: of an unknown form. */
  example: string | null
}
export function postalCodeFacts(country: string): PostalCodeFacts {
  if (country === 'US') return { required: true, digitsOnly: true, example: '78701' }
  if (country === 'GB') return { required: true, digitsOnly: false, example: 'SW1A 1AA' }
  const rule = postalRules[country]
  return { required: rule !== undefined && country !== 'IE', digitsOnly: rule !== undefined && /^[#\s-]+$/.test(rule.form), example: rule?.example ?? null }
}

/** One way to write each; what does not fit comes back as it was typed, so that whoever typed it sees it again. */
export function tidiedPostalCode(country: string, typed: string): string {
  const text = typed.normalize('NFKC').trim()
  // A ZIP code stays with or without its hyphen, as it always did.
  if (country === 'US') return text.replace(/\s+/g, '')
  const bare = text.toUpperCase().replace(/[\s\p{Pd}.]+/gu, '')
  if (country === 'GB') return britishForm.test(bare) ? bare.replace(britishForm, '$1 $2') : text
  const rule = postalRules[country]
  if (!rule)
    return text
      .toUpperCase()
      .replace(/\p{Pd}/gu, '-')
      .replace(/\s+/g, ' ')
  return filled(rule.form, withoutCountry(country, rule, bare)) ?? text
}
/** `D-50667` and `DE-50667` are 50667 in Germany, and nothing in Austria. */
function withoutCountry(country: string, { form, plate }: PostalRule, bare: string): string {
  if (/[@*]/.test(form)) return bare
  return [country, plate].reduce<string>((rest, letters) => (letters && rest.startsWith(letters) ? rest.slice(letters.length) : rest), bare)
}
function filled(form: string, bare: string): string | null {
  let [text, at] = ['', 0]
  for (const sign of form) {
    const letter = bare[at] ?? ''
    const kind = { '#': /^\d$/, '@': /^[A-Z]$/, '*': /^[A-Z\d]$/ }[sign]
    if (kind && !kind.test(letter)) return null
    if (kind) at += 1
    text += kind ? letter : sign
  }
  return at === bare.length ? text : null
}

/** As it is kept. Nothing of the shape is checked here. */
export function tidiedAddress<A extends PostalAddress>(address: A): A {
  const { country, state, postalCode } = address
  return {
    ...address,
    state: country === 'US' ? (state?.toUpperCase() ?? null) : state,
    postalCode: postalCode === null ? null : tidiedPostalCode(country, postalCode),
  }
}

export interface AddressProblem {
  field: 'country' | 'state' | 'postalCode'
  problem: 'missing' | 'not-known'
}
/** Of an address as `tidiedAddress` gives it. Lengths, and that street and town are there, are its shape's to say. */
export function addressProblems({ country, state, postalCode }: PostalAddress): AddressProblem[] {
  if (!countryCodes.includes(country)) return [{ field: 'country', problem: country === '' ? 'missing' : 'not-known' }]
  const problems: AddressProblem[] = []
  if (country === 'US' && !(usStateCodes as readonly (string | null)[]).includes(state))
    problems.push({ field: 'state', problem: state === null ? 'missing' : 'not-known' })
  if (postalCode === null) {
    if (postalCodeFacts(country).required) problems.push({ field: 'postalCode', problem: 'missing' })
  } else if (!isPostalCode(country, postalCode)) problems.push({ field: 'postalCode', problem: 'not-known' })
  return problems
}
function isPostalCode(country: string, code: string): boolean {
  if (country === 'US') return zipForm.test(code)
  if (country === 'GB') return britishForm.test(code.replace(' ', ''))
  const rule = postalRules[country]
  return rule ? filled(rule.form, withoutCountry(country, rule, code.replace(/[\s-]/g, ''))) === code : looseForm.test(code)
}

/** On an envelope, under the street: town and codes in the country's order. */
export function townLines({ country, city, state, postalCode }: PostalAddress): string[] {
  const joined = (...parts: (string | null)[]): string => parts.filter(Boolean).join(' ')
  if (country === 'US') return [[city, joined(state, postalCode)].filter(Boolean).join(', ')].filter(Boolean)
  if (country === 'GB' || country === 'IE') return [city, state ?? '', postalCode ?? ''].filter(Boolean)
  const town = country in postalRules ? joined(postalCode, city) : joined(city, postalCode)
  return [town, state ?? ''].filter(Boolean)
}
