import type { MethodCheck, StoreMethod } from '@heliox/core/billing'
import { PartnerFault, type ValueOf } from '@heliox/core/kit'
import Stripe from 'stripe'
import { holdAmountMinor, toStripe } from '../money/currency.ts'
import { askedInVain, isMissing, mustLook, openStripe, toFault } from '../transport/sdk.ts'
import { type Ctx, declined, holdAnswer, holdExpand, type MethodAnswer, setupAnswer, setupExpand, unverified } from './answers.ts'

type Method = ValueOf<typeof StoreMethod>
/** Stripe's code for an account that only deposits could verify, where we said that there must be none. */
const notInstant = 'intent_verification_method_missing'

/** Our ids, so that a lost answer can be found again. Random ids only: whoever reads Stripe's dashboard learns no name. */
const metadataOf = (method: Method) => ({ hub_payment: method.paymentId, hub_patient: method.patientId })

/**
 * Keeps a method for later charges: a customer, and the browser's token confirmed for nothing (SetupIntent), or for one unit that is
 * held and given back at once where a clinic wants that. Both calls carry keys made from the effect's key.
 */
export async function storeMethod(method: Method, ctx: Ctx): Promise<MethodAnswer> {
  const api = openStripe(ctx)
  try {
    const customer = await api.customers.create({ metadata: metadataOf(method) }, { idempotencyKey: `${ctx.idempotencyKey}:customer` })
    const amountMinor = ctx.config.methodCheck === 'hold' && !(await isBankAccount(api, method)) ? holdAmountMinor(method.currency) : undefined
    return amountMinor === undefined ? await setUp(api, method, customer.id, ctx) : await hold(api, method, customer.id, amountMinor, ctx)
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return declined(error.code, error.decline_code)
    // Unknown, expired or used up: only the patient can make a new one, so it is an answer. Unless it was we who used it.
    if (isAboutToken(error)) return (await found(api, method, ctx)) ?? declined(error.code === notInstant ? unverified : error.code)
    if (mustLook(error)) return (await found(api, method, ctx)) ?? Promise.reject(toFault(error, ctx.signal))
    throw toFault(error, ctx.signal)
  }
}

async function setUp(api: Stripe, method: Method, customer: string, ctx: Ctx): Promise<MethodAnswer> {
  const { config, idempotencyKey } = ctx
  const intent = await api.setupIntents.create(
    {
      customer,
      confirm: true,
      confirmation_token: method.confirmationTokenId,
      usage: 'off_session',
      allowed_payment_method_types: config.bankAccounts ? ['card', 'us_bank_account'] : ['card'],
      // By the bank's own sign-in (Financial Connections): `automatic`, the default, falls back to deposits that take two days.
      ...(config.bankAccounts && { payment_method_options: { us_bank_account: { verification_method: 'instant' } } }),
      ...(config.returnUrl !== undefined && { return_url: config.returnUrl }),
      metadata: metadataOf(method),
      expand: setupExpand,
    },
    { idempotencyKey },
  )
  return setupAnswer(api, intent)
}

async function hold(api: Stripe, method: Method, customer: string, amountMinor: number, ctx: Ctx): Promise<MethodAnswer> {
  const { config, idempotencyKey } = ctx
  const intent = await api.paymentIntents.create(
    {
      ...toStripe(amountMinor, method.currency),
      customer,
      confirm: true,
      confirmation_token: method.confirmationTokenId,
      capture_method: 'manual',
      setup_future_usage: 'off_session',
      allowed_payment_method_types: ['card'],
      ...(config.returnUrl !== undefined && { return_url: config.returnUrl }),
      metadata: metadataOf(method),
      expand: holdExpand,
    },
    { idempotencyKey },
  )
  return holdAnswer(api, intent)
}

/** Nothing can be held on a bank account; it is set up for nothing, whatever the clinic chose for cards. */
const isBankAccount = async (api: Stripe, method: Method): Promise<boolean> =>
  (await api.confirmationTokens.retrieve(method.confirmationTokenId)).payment_method_preview?.type === 'us_bank_account'

/** What became of a method that the patient had to confirm. A held unit that is found is given back. */
export async function checkMethod({ paymentId, intent }: ValueOf<typeof MethodCheck>, ctx: Ctx): Promise<MethodAnswer> {
  const api = openStripe(ctx)
  try {
    const { answer, owner } = await lookUp(api, intent.kind, intent.id)
    // Anybody's id could stand there: only what we made for this payment is its answer.
    if (owner !== paymentId) throw new PartnerFault('contract', 'This intent belongs to another payment.')
    return await answer()
  } catch (error) {
    if (isMissing(error)) return declined('resource_missing')
    throw toFault(error, ctx.signal)
  }
}

interface Looked {
  owner: string | undefined
  answer(): Promise<MethodAnswer>
}
async function lookUp(api: Stripe, kind: 'setup' | 'payment', id: string): Promise<Looked> {
  if (kind === 'setup') {
    const intent = await api.setupIntents.retrieve(id, { expand: setupExpand })
    return { owner: intent.metadata?.hub_payment, answer: () => setupAnswer(api, intent) }
  }
  const intent = await api.paymentIntents.retrieve(id, { expand: holdExpand })
  return { owner: intent.metadata.hub_payment, answer: () => holdAnswer(api, intent) }
}

/**
 * What became of an earlier send. First by the token, which names the intent that it confirmed; then by our metadata. A fault here
 * must not look like "nothing happened": it stays uncertain, or a person looks.
 */
export async function findStoredMethod(method: Method, ctx: Ctx): Promise<MethodAnswer | 'not-found' | 'cannot-tell'> {
  const api = openStripe(ctx)
  try {
    return (await foundByToken(api, method)) ?? (await foundByMetadata(api, method)) ?? 'not-found'
  } catch (error) {
    return askedInVain(error, ctx.signal, 'the method')
  }
}

async function found(api: Stripe, method: Method, ctx: Ctx): Promise<MethodAnswer | undefined> {
  try {
    return await foundByToken(api, method)
  } catch (error) {
    throw toFault(error, ctx.signal)
  }
}
async function foundByToken(api: Stripe, method: Method): Promise<MethodAnswer | undefined> {
  try {
    const token = await api.confirmationTokens.retrieve(method.confirmationTokenId)
    const [kind, id] = token.setup_intent !== null ? (['setup', token.setup_intent] as const) : (['payment', token.payment_intent] as const)
    if (id === null) return undefined
    const { owner, answer } = await lookUp(api, kind, id)
    return owner === method.paymentId ? await answer() : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const customersMax = 10
const perCustomerMax = 10
/** Search lags by up to a minute, so it comes second; it is asked only for what is older than the key's memory. */
async function foundByMetadata(api: Stripe, method: Method): Promise<MethodAnswer | undefined> {
  const customers = await api.customers.search({ query: `metadata['hub_payment']:'${method.paymentId}'`, limit: customersMax })
  const answers: MethodAnswer[] = []
  for (const { id: customer } of customers.data) {
    const setups = await api.setupIntents.list({ customer, limit: perCustomerMax, expand: ['data.payment_method'] })
    const holds = await api.paymentIntents.list({ customer, limit: perCustomerMax, expand: ['data.payment_method', 'data.latest_charge'] })
    // Charges of this patient stand beside them; they carry another id of ours.
    for (const one of setups.data) if (one.metadata?.hub_payment === method.paymentId) answers.push(await setupAnswer(api, one))
    for (const one of holds.data) if (one.metadata.hub_payment === method.paymentId) answers.push(await holdAnswer(api, one))
  }
  // One that was kept outweighs one that was declined before it.
  const rank = (answer: MethodAnswer): number => (answer.is === 'rejected' ? 2 : answer.value.status === 'succeeded' ? 0 : 1)
  return answers.sort((a, b) => rank(a) - rank(b))[0]
}

const tokenCodes = new Set(['resource_missing', 'token_already_used', 'token_in_use', 'payment_method_unsupported_type', notInstant])
const isAboutToken = (error: unknown): error is Stripe.errors.StripeInvalidRequestError =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'confirmation_token' && tokenCodes.has(error.code ?? '')
