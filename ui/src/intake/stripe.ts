import type { KeptMethod } from './draft.ts'

/**
 * The part of Stripe.js that the form uses (docs.stripe.com/js: deferred elements and confirmation tokens). The script comes
 * from the URL that the api gives, in development the simulator's; numbers of cards and accounts stay in its frame and never
 * reach this page.
 */
export interface StripeElement {
  mount(target: HTMLElement): void
  destroy(): void
  on(event: 'ready' | 'loaderror', handler: () => void): void
}
export interface StripeElements {
  create(kind: 'payment'): StripeElement
  submit(): Promise<{ error?: StripeProblem }>
}
export interface StripeProblem {
  message?: string
}
interface ElementsOptions {
  mode: 'setup'
  currency: string
  paymentMethodTypes: readonly ('card' | 'us_bank_account')[]
  paymentMethodOptions?: { us_bank_account: { verification_method: 'instant' } }
  appearance: { theme: 'stripe' | 'night' }
}
/**
 * What the fields are for. It must say what the server's intent is made with (adapters/stripe/method/store-method.ts): both come from
 * the connection's `bankAccounts`, and an account is verified by the bank's sign-in alone, so that nobody is shown a way that ends in a no.
 */
export const elementsFor = ({ bankAccounts, currency }: { bankAccounts: boolean; currency: string }, dark: boolean): ElementsOptions => ({
  mode: 'setup',
  currency: currency.toLowerCase(),
  paymentMethodTypes: bankAccounts ? ['card', 'us_bank_account'] : ['card'],
  ...(bankAccounts && { paymentMethodOptions: { us_bank_account: { verification_method: 'instant' } } }),
  appearance: { theme: dark ? 'night' : 'stripe' },
})

interface ConfirmationToken {
  id: string
  payment_method_preview?: { type?: string; card?: { brand?: string; last4?: string } | null; us_bank_account?: { last4?: string | null } | null }
}
/** What the page keeps of a token: its id, and what a patient recognises their card or account by. */
function keptOf({ id: tokenId, payment_method_preview: preview }: ConfirmationToken): KeptMethod {
  if (preview?.type === 'us_bank_account') return { tokenId, kind: 'us-bank-account', brand: '', last4: preview.us_bank_account?.last4 ?? '' }
  const brand = preview?.card?.brand ?? ''
  return { tokenId, kind: 'card', brand: brand.charAt(0).toUpperCase() + brand.slice(1), last4: preview?.card?.last4 ?? '' }
}
export interface ReadyFields {
  stripe: StripeJs
  elements: StripeElements
}
/** Makes the token once the fields are complete; `refused` is said by the payment company, in the patient's language, where it says anything. */
export async function takeMethod({ stripe, elements }: ReadyFields): Promise<{ kept: KeptMethod } | { refused: string | undefined }> {
  const checked = await elements.submit()
  if (checked.error) return { refused: checked.error.message }
  const { confirmationToken, error } = await stripe.createConfirmationToken({ elements })
  return confirmationToken ? { kept: keptOf(confirmationToken) } : { refused: error?.message }
}
export interface StripeJs {
  elements(options: ElementsOptions): StripeElements
  createConfirmationToken(options: { elements: StripeElements }): Promise<{
    confirmationToken?: ConfirmationToken
    error?: StripeProblem
  }>
}
declare global {
  interface Window {
    Stripe?: (publishableKey: string, options: { locale: string }) => StripeJs
  }
}

const scriptTimeoutMs = 15_000
let loading: Promise<void> | undefined

/** Loads the script once; a failed load is forgotten, so that trying again really tries again. */
export async function loadStripe(scriptUrl: string, publishableKey: string, locale: string): Promise<StripeJs> {
  if (!window.Stripe) {
    loading ??= addScript(scriptUrl).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    await loading
  }
  if (!window.Stripe) throw new Error('the script did not bring what it should')
  return window.Stripe(publishableKey, { locale })
}

function addScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const give = (outcome: () => void) => () => {
      clearTimeout(timer)
      outcome()
    }
    const fail = (): void => {
      script.remove()
      reject(new Error('the card form did not load'))
    }
    const timer = setTimeout(fail, scriptTimeoutMs)
    script.src = url
    script.async = true
    script.onload = give(resolve)
    script.onerror = give(fail)
    document.head.append(script)
  })
}
