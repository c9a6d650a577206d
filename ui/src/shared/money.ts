/** Amounts are whole numbers of the currency's smallest unit; how many digits that has is the platform's to know. */
const formatOf = (currency: string): Intl.NumberFormat => new Intl.NumberFormat('en-US', { style: 'currency', currency })
const digitsOf = (currency: string): number => formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2

export const moneyText = (amountMinor: number, currency: string): string => formatOf(currency).format(amountMinor / 10 ** digitsOf(currency))
/** As it stands in a field. */
export const amountField = (amountMinor: number, currency: string): string => (amountMinor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency))

/** What somebody typed, to the last digit; undefined: no amount, or finer than the currency. */
export function minorOf(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency)
  const [, whole = '', fraction = ''] = /^\s*(\d{1,8})(?:\.(\d*))?\s*$/.exec(text) ?? []
  if (whole === '' || fraction.length > digits) return undefined
  const minor = Number(whole + fraction.padEnd(digits, '0'))
  return minor > 0 ? minor : undefined
}

/** Equal parts a month apart, the odd cents in the last one; the 31st is the last day of a shorter month. */
export function monthlyParts(totalMinor: number, parts: number, firstDay: string): { dueOn: string; amountMinor: number }[] {
  const each = Math.floor(totalMinor / parts)
  const [year = 0, month = 1, day = 1] = firstDay.split('-').map(Number)
  return Array.from({ length: parts }, (_, i) => {
    const lastDay = new Date(Date.UTC(year, month + i, 0)).getUTCDate()
    const due = new Date(Date.UTC(year, month - 1 + i, Math.min(day, lastDay)))
    return { dueOn: due.toISOString().slice(0, 10), amountMinor: i === parts - 1 ? totalMinor - each * (parts - 1) : each }
  })
}
