/**
 * Stripe counts most currencies as ISO 4217 does, in the smallest unit. These are the exceptions, by its documentation: it writes
 * two of the currencies without a smaller unit as if they had one. Our amounts are ISO's; 5 krónur are 5 here and 500 there.
 */
const writtenWithTwoDecimals: ReadonlySet<string> = new Set(['ISK', 'UGX'])

const currencyPattern = /^[A-Z]{3}$/

/** How many digits after the point ISO 4217 gives a currency. */
export function decimalsOf(currency: string): number {
  const code = currency.toUpperCase()
  if (!currencyPattern.test(code)) throw new Error('a currency is three letters')
  return isoDecimals[code] ?? 2
}
/** Where it is not 2. Written down, since the runtime's table follows what people use (it gives a forint no decimals). An ariary has fifths; nobody counts them. */
const isoDecimals: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((c) => [c, 0]),
  ),
  ...Object.fromEntries(['BHD', 'JOD', 'KWD', 'OMR', 'TND'].map((c) => [c, 3])),
}
const factorOf = (currency: string): number => (writtenWithTwoDecimals.has(currency.toUpperCase()) ? 100 : 1)

export const toStripe = (amountMinor: number, currency: string): { amount: number; currency: string } => ({
  amount: amountMinor * factorOf(currency),
  currency: currency.toLowerCase(),
})
/** Undefined: a fraction of what the currency has, which is no amount of ours. */
export function fromStripe(amount: number, currency: string): number | undefined {
  const amountMinor = amount / factorOf(currency)
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0 ? amountMinor : undefined
}

/** One dollar and the like. Undefined where one unit is next to nothing (a yen) and so below what Stripe takes: no hold there. */
export const holdAmountMinor = (currency: string): number | undefined => (decimalsOf(currency) === 0 ? undefined : 10 ** decimalsOf(currency))
