import { expect } from 'chai'
import fc from 'fast-check'
import { getCountries } from 'libphonenumber-js/min'
import { type AddressProblem, addressFieldsOf, addressProblems, postalCodeFacts, regionAskedIn, tidiedAddress, tidiedPostalCode, townLines } from './address.ts'
import { clinicCountryOf, clinicCurrencyOf, countryCodes } from './countries.ts'
import { languageTags, locales } from './languages.ts'
import { Address, AddressAnswer } from './values.ts'

const known = countryCodes.filter((country) => postalCodeFacts(country).example !== null)
/** Of the EEA, the United Kingdom and Switzerland. */
const europe = 'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ')

const street = { line1: '1 High Street', line2: null, city: 'Somewhere' }
const problemsOf = (country: string, postalCode: string | null, state: string | null = null): AddressProblem[] =>
  addressProblems(tidiedAddress({ ...street, country, state, postalCode }))

describe('an address', () => {
  describe('has a country', () => {
    it('of ISO 3166-1, each once, each with a name in every language', () => {
      expect(countryCodes).to.have.length(249)
      expect(new Set(countryCodes).size).to.equal(249)
      for (const tag of languageTags) {
        const names = new Intl.DisplayNames(locales[tag], { type: 'region', fallback: 'none' })
        for (const code of countryCodes) expect(names.of(code), `${code} in ${tag}`).to.be.a('string')
      }
    })
    it('among them every one that has phones of its own but three that ISO does not list', () => {
      expect(getCountries().filter((code) => !countryCodes.includes(code))).to.have.members(['AC', 'TA', 'XK'])
    })
    it('which the clinic’s patients need not say: a cell of the United States is there whatever its clock, others go by theirs', () => {
      expect(clinicCountryOf({ region: 'us-east', timeZone: 'Europe/Berlin' })).to.equal('US')
      expect(clinicCountryOf({ region: 'eu-west', timeZone: 'Europe/Berlin' })).to.equal('DE')
      expect(clinicCountryOf({ region: 'eu-west', timeZone: 'Europe/Dublin' })).to.equal('IE')
      expect(clinicCountryOf({ region: 'eu-west', timeZone: 'America/New_York' })).to.equal(null)
      // Each zone is one that this platform knows, so none is misspelt.
      const zones = new Set(Intl.supportedValuesOf('timeZone'))
      const found = [...zones].filter((timeZone) => clinicCountryOf({ region: 'eu-west', timeZone }) !== null)
      expect([...new Set(found.map((timeZone) => clinicCountryOf({ region: 'eu-west', timeZone })))].sort()).to.deep.equal(europe)
    })
    it('with the money that is paid there', () => {
      const currency = (region: string, timeZone: string) => clinicCurrencyOf({ region, timeZone })
      expect(currency('us-east', 'Europe/Berlin')).to.equal('USD')
      for (const [place, code] of [
        ...[['Berlin', 'EUR'] as const, ['Sofia', 'EUR'] as const, ['London', 'GBP'] as const, ['Zurich', 'CHF'] as const, ['Warsaw', 'PLN'] as const],
        ...[['Prague', 'CZK'] as const, ['Budapest', 'HUF'] as const, ['Stockholm', 'SEK'] as const],
      ])
        expect(currency('eu-west', `Europe/${place}`), place).to.equal(code)
      expect(currency('eu-west', 'America/New_York'), 'nobody can say where').to.equal('EUR')
      const known = new Set(Intl.supportedValuesOf('currency'))
      for (const timeZone of Intl.supportedValuesOf('timeZone')) expect(known.has(currency('eu-west', timeZone)), timeZone).to.equal(true)
    })
    it('that is on the list: another is refused, and what was sealed before is American', () => {
      expect(problemsOf('XK', null)).to.deep.equal([{ field: 'country', problem: 'not-known' }])
      expect(problemsOf('', null)).to.deep.equal([{ field: 'country', problem: 'missing' }])
      expect(Address.parse({ ...street, state: 'TX', postalCode: '78701' })).to.include({ country: 'US', state: 'TX', postalCode: '78701' })
    })
  })

  describe('has a postal code of its country', () => {
    it('in the one form of it: the example of each is left as it is, without its spaces, in small letters, and as people write it', () => {
      expect(known).to.have.members(['US', ...europe])
      for (const country of known) {
        const example = postalCodeFacts(country).example ?? ''
        expect(tidiedPostalCode(country, example)).to.equal(example)
        if (country !== 'US')
          for (const typed of [example.toLowerCase(), ` ${example.replace(/[ -]/g, '')} `, example.replace(/[ -]/, '\u2013')])
            expect(tidiedPostalCode(country, typed), typed).to.equal(example)
        expect(problemsOf(country, example, country === 'US' ? 'TX' : null), country).to.deep.equal([])
      }
    })
    for (const [country, typed, kept] of [
      ['DE', 'D-50667', '50667'],
      ['DE', 'DE 50667', '50667'],
      ['AT', 'A-1010', '1010'],
      ['CH', 'CH-8001', '8001'],
      ['LI', 'FL-9490', '9490'],
      ['LT', '01103', 'LT-01103'],
      ['LV', '1010', 'LV-1010'],
      ['SE', 'SE-111 20', '111 20'],
      ['PT', 'P-1100148', '1100-148'],
      ['NL', '1012js', '1012 JS'],
      ['GB', 'ec1a1bb', 'EC1A 1BB'],
      ['GB', 'M1 1AE', 'M1 1AE'],
      ['IE', 'd6w xy00', 'D6W XY00'],
      ['FR', '７５００１', '75001'],
      ['US', '78701 ', '78701'],
      ['US', '78701-1234', '78701-1234'],
      ['US', '787011234', '787011234'],
      ['CA', ' k1a  0b1 ', 'K1A 0B1'],
    ] as const)
      it(`${country}: “${typed}” is kept as ${kept}`, () => {
        expect(tidiedPostalCode(country, typed)).to.equal(kept)
        expect(problemsOf(country, typed, country === 'US' ? 'TX' : null)).to.deep.equal([])
      })
    it('and no other: of the wrong length, with a country that is not its own, or made of anything else', () => {
      const wrong = [
        ...(['DE 5066', 'DE 506677', 'DE A-50667', 'DE DE', 'AT D-1010', 'GB 50667', 'NL 1012', 'PL 0001', 'IE 50667'] as const),
        ...(['US 7870', 'US D-50667', 'US 787011', 'CA <b>', 'JP 100-0001!', 'BR -'] as const),
      ].map((one) => [one.slice(0, 2), one.slice(3)] as const)
      for (const [country, typed] of wrong)
        expect(problemsOf(country, typed, country === 'US' ? 'TX' : null), `${country} ${typed}`).to.deep.equal([{ field: 'postalCode', problem: 'not-known' }])
    })
    it('where everybody has one; what was typed and does not fit comes back as it was', () => {
      expect(problemsOf('DE', null)).to.deep.equal([{ field: 'postalCode', problem: 'missing' }])
      for (const country of ['IE', 'HK', 'AE', 'CA']) expect(problemsOf(country, null), country).to.deep.equal([])
      expect(tidiedPostalCode('DE', ' 5066 x')).to.equal('5066 x')
    })
  })

  it('has a state of the United States there, and a region nowhere that people do not write one', () => {
    expect(problemsOf('US', '78701')).to.deep.equal([{ field: 'state', problem: 'missing' }])
    expect(problemsOf('US', '78701', 'XX')).to.deep.equal([{ field: 'state', problem: 'not-known' }])
    expect(problemsOf('US', '78701', 'tx')).to.deep.equal([])
    expect(['DE', 'FR', 'GB', 'CH'].map(regionAskedIn)).to.deep.equal([null, null, null, null])
    expect(['IT', 'ES', 'IE', 'CA'].map(regionAskedIn)).to.deep.equal(['region', 'region', 'region', 'region'])
    expect(addressFieldsOf('US')).to.deep.equal(['city', 'state', 'postalCode'])
    expect(addressFieldsOf('DE')).to.deep.equal(['postalCode', 'city'])
    expect(addressFieldsOf('GB')).to.deep.equal(['city', 'postalCode'])
    expect(addressFieldsOf('IT')).to.deep.equal(['postalCode', 'city', 'region'])
  })

  it('is written as on an envelope there', () => {
    const lines = (country: string, city: string, postalCode: string, state: string | null = null) =>
      townLines({ line1: '', line2: null, country, city, state, postalCode })
    expect(lines('US', 'Austin', '78701', 'TX')).to.deep.equal(['Austin, TX 78701'])
    expect(lines('DE', 'Köln', '50667')).to.deep.equal(['50667 Köln'])
    expect(lines('GB', 'London', 'SW1A 1AA')).to.deep.equal(['London', 'SW1A 1AA'])
    expect(lines('CA', 'Ottawa', 'K1A 0B1', 'Ontario')).to.deep.equal(['Ottawa K1A 0B1', 'Ontario'])
    expect(townLines({ line1: '', line2: null, country: 'US', city: '', state: null, postalCode: null })).to.deep.equal([])
  })

  it('that is taken is taken again as it was kept, is the same after a second look, and fits what is sealed', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((word) => word.trim() !== '')
    const code = fc.oneof(
      fc.constantFrom(...known.map((country) => postalCodeFacts(country).example ?? '')),
      fc.stringMatching(/^[A-Za-z0-9 -]{1,14}$/),
      fc.constant(null),
    )
    let taken = 0
    fc.assert(
      fc.property(
        fc.record({
          line1: text,
          line2: fc.constantFrom(null, 'Hinterhaus'),
          city: text,
          country: fc.constantFrom(...known, 'CA', 'HK'),
          postalCode: code,
          state: fc.constantFrom(null, 'tx', 'TX', 'Bayern'),
        }),
        (typed) => {
          const first = AddressAnswer.safeParse(typed)
          if (!first.success) return
          taken += 1
          expect(AddressAnswer.parse(first.data)).to.deep.equal(first.data)
          expect(Address.parse(first.data)).to.deep.equal(first.data)
          // The 270’s N403 is 3 to 15 characters where it is sent one day; ours are never longer.
          expect((first.data.postalCode ?? '').length).to.be.at.most(12)
        },
      ),
      { numRuns: 3000, seed: 58 },
    )
    expect(taken).to.be.greaterThan(100)
  })

  it('that is refused says of each field what it must be, and never what it was', () => {
    const said = (address: Record<string, unknown>) =>
      AddressAnswer.safeParse({ line1: 'Domkloster 4', city: 'Köln', ...address }).error?.issues.map(({ path, message }) => [path.join('.'), message])
    expect(said({ country: 'DE', postalCode: 'secret' })).to.deep.equal([['postalCode', 'must be a postal code of its country, for example 50667']])
    expect(said({ country: 'ZZ' })).to.deep.equal([['country', 'must be a country of ISO 3166-1']])
    expect(said({ state: 'Texas', postalCode: '1' })).to.deep.equal([
      ['state', 'must be two letters, for example TX'],
      ['postalCode', 'must be a ZIP code, for example 78701'],
    ])
    expect(said({ country: 'US' })).to.deep.equal([
      ['state', 'must be there in the United States'],
      ['postalCode', 'must be there in this country'],
    ])
  })
})
