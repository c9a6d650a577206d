import { randomBytes, randomUUID } from 'node:crypto'
import type { Charge, Refund } from '@heliox/core/billing'
import type { CallContext, ValueOf } from '@heliox/core/kit'
import { type Simulator, startSimulator } from '../../contract-suite.ts'
import { memoryLocks, memoryNumbers, noObjects } from '../../testing.ts'
import { stripe } from '../adapter.ts'
import type { StripeConfig, StripeSecrets } from '../config.ts'
import { makeBankToken, makeToken, testCards } from '../fixtures/cards.ts'

/** What the specs of this adapter share: a clinic's account at the simulator, and what is asked of it. */
export const secretKey = `sk_test_${randomBytes(12).toString('hex')}`
export const publishableKey = 'pk_test_heliox'
export const returnUrl = 'https://clinic.example/back'

export const startStripe = (env: Record<string, string> = {}) =>
  startSimulator(new URL('../sim/main.ts', import.meta.url), { SIM_TOKEN: secretKey, SIM_PUBLISHABLE_KEY: publishableKey, ...env })
export const connection = (sim: Pick<Simulator, 'url'>, config: Partial<StripeConfig> = {}) => ({
  config: stripe.config.parse({ apiBase: sim.url, publishableKey, scriptUrl: `${sim.url}/v3/`, returnUrl, ...config }),
  secrets: { secretKey },
})
export const contextOf = (
  sim: Pick<Simulator, 'url'>,
  options: { key?: string; config?: Partial<StripeConfig> } = {},
): CallContext<StripeConfig, StripeSecrets> => ({
  ...connection(sim, options.config),
  idempotencyKey: options.key ?? randomUUID(),
  signal: AbortSignal.timeout(5_000),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  now: () => new Date('2026-11-23T15:00:00Z'),
  production: false,
  objects: noObjects,
  numbers: memoryNumbers(),
  locks: memoryLocks(),
})

const asked = (confirmationTokenId: string) => ({ paymentId: randomUUID(), patientId: randomUUID(), confirmationTokenId, currency: 'USD' })
export const card = async (sim: Simulator, number: string = testCards.kept) => asked(await makeToken(sim.url, publishableKey, number))
export const bankAccount = async (sim: Simulator, number: string, signedIn = true) => asked(await makeBankToken(sim.url, publishableKey, number, signedIn))

/** A method on file, made as the hub makes it. */
export async function onFile(
  sim: Simulator,
  number: string = testCards.kept,
): Promise<Pick<ValueOf<typeof Charge>, 'patientId' | 'customerId' | 'paymentMethodId'>> {
  const input = await card(sim, number)
  const answer = await stripe.operations.storeMethod.call(input, contextOf(sim))
  if (answer.is !== 'ok' || answer.value.paymentMethodId === null) throw new Error('the method was not kept')
  const { status, intent, customerId, paymentMethodId } = answer.value
  if (status === 'requires-action') await decide(sim, intent.id, 'confirm')
  return { patientId: input.patientId, customerId, paymentMethodId }
}
export async function chargeOf(sim: Simulator, number?: string, amountMinor = 2500): Promise<ValueOf<typeof Charge>> {
  return { chargeId: randomUUID(), ...(await onFile(sim, number)), amountMinor, currency: 'USD', purpose: 'copay' }
}
/** A charge that was taken, and a refund of it. */
export async function refundOf(sim: Simulator, number?: string, amountMinor = 2500): Promise<ValueOf<typeof Refund>> {
  const charge = await chargeOf(sim, number)
  const answer = await stripe.operations.charge.call(charge, contextOf(sim))
  if (answer.is !== 'ok') throw new Error('the charge was declined')
  return { refundId: randomUUID(), chargeId: charge.chargeId, paymentIntentId: answer.value.paymentIntentId, amountMinor, currency: 'USD' }
}

/** The patient presses a button on the bank's page. Where the browser goes then. */
export async function decide(sim: Pick<Simulator, 'url'>, intentId: string, decision: 'confirm' | 'refuse'): Promise<string | null> {
  const answer = await fetch(`${sim.url}/bank/${intentId}`, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' })
  return answer.headers.get('location')
}
