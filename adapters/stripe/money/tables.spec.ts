import { expect } from 'chai'
import type Stripe from 'stripe'
import { eventTypes } from '../webhook/read-event.ts'
import { decimalsOf, fromStripe, holdAmountMinor, toStripe } from './currency.ts'
import { declines, nextOf } from './declines.ts'

describe('The tables of money', () => {
  it('count a currency as the runtime does, but for four whose small coins nobody uses any more', () => {
    const digits = (currency: string) => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits
    // The runtime follows what people use there; ISO 4217 and Stripe still count in hundredths.
    expect([...used].filter((currency) => digits(currency) !== decimalsOf(currency))).to.deep.equal(['ALL', 'HUF', 'IDR', 'YER'])
  })
  it('say of every amount at Stripe what it is here', () => {
    for (const currency of used)
      for (const amountMinor of [1, 5, 99, 100, 12_345]) {
        const { amount } = toStripe(amountMinor, currency)
        expect(fromStripe(amount, currency), currency).to.equal(amountMinor)
        expect(amount / amountMinor, currency).to.equal(currency === 'ISK' || currency === 'UGX' ? 100 : 1)
      }
    expect(fromStripe(550, 'ISK'), 'five krónur and a half').to.equal(undefined)
    expect(fromStripe(-1, 'USD')).to.equal(undefined)
  })
  it('hold one unit, where there is one worth holding', () => {
    expect(['USD', 'usd', 'EUR', 'KWD', 'JPY', 'ISK'].map(holdAmountMinor)).to.deep.equal([100, 100, 100, 1000, undefined, undefined])
    expect(() => decimalsOf('dollars')).to.throw('three letters')
  })
  it('name each decline once, so that one follows from it', () => {
    const all = Object.values(declines).flat()
    expect(new Set(all).size).to.equal(all.length)
  })
  it('take the bank’s reason before Stripe’s code, and ask for another card where neither is known', () => {
    expect(nextOf({ code: 'card_declined', declineCode: 'insufficient_funds' })).to.equal('later')
    expect(nextOf({ code: 'expired_card' })).to.equal('new-method')
    expect(nextOf({ code: 'authentication_required', declineCode: 'never_heard_of' })).to.equal('patient-confirms')
    expect(nextOf({})).to.equal('new-method')
  })
  it('name events that the SDK knows', () => {
    // A misspelt one would never be heard of: the compiler reads this list, the test compares it.
    const known = [
      ...(['setup_intent.requires_action', 'setup_intent.succeeded', 'setup_intent.setup_failed', 'setup_intent.canceled'] as const),
      ...(['payment_intent.requires_action', 'payment_intent.processing', 'payment_intent.succeeded', 'payment_intent.payment_failed'] as const),
      ...(['payment_intent.canceled', 'payment_intent.amount_capturable_updated', 'refund.created', 'refund.updated', 'refund.failed'] as const),
      ...(['charge.refunded', 'charge.expired', 'charge.failed', 'payment_method.detached', 'payment_method.automatically_updated'] as const),
    ] satisfies readonly Stripe.Event['type'][]
    expect([...eventTypes].sort()).to.deep.equal([...known].sort())
  })
})

/** Those that Stripe charges in, by its list of presentment currencies; not the ones that are no money of a country. */
const used = new Set(
  (
    'AED ALL AMD ANG AUD AWG AZN BAM BBD BDT BGN BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY CRC CZK DJF DKK DOP DZD EGP ETB EUR FJD GBP ' +
    'GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JPY KES KGS KHR KMF KRW KWD KYD KZT LKR LRD LSL MAD MDL MGA MKD MNT MOP MUR MVR MWK MXN MYR ' +
    'MZN NAD NGN NIO NOK NPR NZD OMR PEN PGK PHP PLN PYG QAR RON RUB RWF SAR SCR SEK SGD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV ' +
    'WST XAF XCD XOF XPF YER ZAR ZMW'
  ).split(' '),
)
