/** ISO 3166-1 alpha-2. Their names are the platform's (`Intl.DisplayNames`), in every language. */
export const countryCodes: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
  'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ ' +
  'NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
  'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
).split(' ')

/** In English, for staff. A code that nobody knows stays as it is. */
const names = new Intl.DisplayNames('en', { type: 'region' })
export const englishCountryName = (code: string): string => (countryCodes.includes(code) ? (names.of(code) ?? code) : code)

const letters = (text: string): string => text.toUpperCase().replace(/[^\p{L}]/gu, '')
/** What other systems write in place of two letters, beside the English name. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ USA: 'US', UNITEDSTATESOFAMERICA: 'US', UK: 'GB', GBR: 'GB', GREATBRITAIN: 'GB', CAN: 'CA', MEX: 'MX', AUT: 'AT', OSTERREICH: 'AT', ÖSTERREICH: 'AT' },
  ...{ DEU: 'DE', DEUTSCHLAND: 'DE', FRA: 'FR', ESP: 'ES', ESPAÑA: 'ES', ITA: 'IT', CHE: 'CH', SCHWEIZ: 'CH', SUISSE: 'CH', POL: 'PL', NLD: 'NL', BEL: 'BE' },
}
let codesByName: Map<string, string> | undefined
/** The code behind what a chart says of a country; null: it says something that is not known here, and is shown as it stands. */
export function countryCodeOf(text: string): string | null {
  const said = letters(text)
  if (countryCodes.includes(said)) return said
  codesByName ??= new Map(countryCodes.map((code) => [letters(englishCountryName(code)), code]))
  return otherNames[said] ?? codesByName.get(said) ?? null
}

/** Where a clinic is, by its clock: the countries of the EEA, the United Kingdom and Switzerland. A cell of the United States is in one anyway. */
const countryOfZone: Readonly<Record<string, string>> = {
  'Africa/Ceuta': 'ES',
  'Asia/Famagusta': 'CY',
  'Asia/Nicosia': 'CY',
  'Atlantic/Azores': 'PT',
  'Atlantic/Canary': 'ES',
  'Atlantic/Madeira': 'PT',
  'Atlantic/Reykjavik': 'IS',
  'Europe/Amsterdam': 'NL',
  'Europe/Athens': 'GR',
  'Europe/Berlin': 'DE',
  'Europe/Bratislava': 'SK',
  'Europe/Brussels': 'BE',
  'Europe/Bucharest': 'RO',
  'Europe/Budapest': 'HU',
  'Europe/Busingen': 'DE',
  'Europe/Copenhagen': 'DK',
  'Europe/Dublin': 'IE',
  'Europe/Helsinki': 'FI',
  'Europe/Lisbon': 'PT',
  'Europe/Ljubljana': 'SI',
  'Europe/London': 'GB',
  'Europe/Luxembourg': 'LU',
  'Europe/Madrid': 'ES',
  'Europe/Malta': 'MT',
  'Europe/Oslo': 'NO',
  'Europe/Paris': 'FR',
  'Europe/Prague': 'CZ',
  'Europe/Riga': 'LV',
  'Europe/Rome': 'IT',
  'Europe/Sofia': 'BG',
  'Europe/Stockholm': 'SE',
  'Europe/Tallinn': 'EE',
  'Europe/Vaduz': 'LI',
  'Europe/Vienna': 'AT',
  'Europe/Vilnius': 'LT',
  'Europe/Warsaw': 'PL',
  'Europe/Zagreb': 'HR',
  'Europe/Zurich': 'CH',
}
/** The country that its patients leave out when they write a phone number or an address; null: nobody can say, so it is asked for. */
export function clinicCountryOf({ region, timeZone }: { region: string; timeZone: string }): string | null {
  return region.startsWith('us-') ? 'US' : (countryOfZone[timeZone] ?? null)
}

/** Of these countries of `countryOfZone`; every other one of them has the euro. */
const ownCurrencies: Readonly<Record<string, string>> = {
  ...{ US: 'USD', GB: 'GBP', CH: 'CHF', LI: 'CHF', SE: 'SEK', NO: 'NOK', DK: 'DKK', IS: 'ISK', PL: 'PLN', CZ: 'CZK', HU: 'HUF', RO: 'RON' },
}
/** What its patients pay in, ISO 4217. Where nobody can say the country, the cell is Europe's, and so is the euro. */
export const clinicCurrencyOf = (clinic: { region: string; timeZone: string }): string => ownCurrencies[clinicCountryOf(clinic) ?? ''] ?? 'EUR'
