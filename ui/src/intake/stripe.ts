/**
 * The part of Stripe.js that the form uses (docs.stripe.com/js: deferred elements and confirmation tokens). The script comes
 * from the URL that the api gives, in development the simulator's; card numbers are typed into its frame and never reach
 * this page.
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
export interface StripeJs {
  elements(options: { mode: 'setup'; currency: string; paymentMethodTypes: string[]; appearance: { theme: 'stripe' | 'night' } }): StripeElements
  createConfirmationToken(options: { elements: StripeElements }): Promise<{
    confirmationToken?: { id: string; payment_method_preview?: { card?: { brand?: string; last4?: string } | null } }
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
