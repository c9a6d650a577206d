import type { Form, Payer } from '@heliox/core/catalog'
import { type ConsentText, canBeSigned } from '@heliox/core/compliance'
import { clinicCountryOf, clinicCurrencyOf, isKnownScript, type LanguageTag } from '@heliox/core/kit'
import type { ChangeFeed } from '@heliox/core/ports'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { edgeLimits } from './limits.ts'
import { logoUrlOf } from './logo-url.ts'

interface CardScript {
  scriptUrl: string
  publishableKey: string
  /** The clinic takes US bank accounts too, which pay in its currency: the form offers them, and the server's intent allows them, by this one setting. */
  bankAccounts: boolean
  /** ISO 4217. */
  currency: string
  /** Origin of the script and its frames; for the content security policy. */
  origin: string
  /** Where the script may talk to besides. Nothing runs from there. */
  callOrigins: string[]
}
export interface ClinicFacts {
  id: string
  slug: string
  name: string
  timeZone: string
  region: string
  phone: string
  brandColour: string
  /** Path of ours; null: none. */
  logoUrl: string | null
  payers: Payer[]
  forms: Form[]
  /** What it offers and patients can sign in, the one that it prefers first. */
  languages: [LanguageTag, ...LanguageTag[]]
  consentTexts: Record<LanguageTag, ConsentText[]>
  card: CardScript | null
}

/** What the card partner's configuration must say for the browser. */
const BrowserCard = z.object({ scriptUrl: z.url(), publishableKey: z.string(), apiBase: z.url().optional(), bankAccounts: z.boolean().default(false) })

/**
 * The one script that is not ours and runs on the origin of all clinics. What was saved is not believed: only the card partner's
 * own connection counts, and only a script of the closed list, whatever an older version or another adapter let through.
 */
function cardScript(connections: readonly { adapterId: string; config: unknown }[], where: { production: boolean }, currency: string): CardScript | null {
  const card = BrowserCard.safeParse(connections.find(({ adapterId }) => adapterId === 'stripe')?.config)
  if (!card.success || !isKnownScript(card.data.scriptUrl, where)) return null
  const { scriptUrl, publishableKey, apiBase } = card.data
  const bankAccounts = card.data.bankAccounts && currency === 'USD'
  return { scriptUrl, publishableKey, bankAccounts, currency, origin: new URL(scriptUrl).origin, callOrigins: apiBase ? [new URL(apiBase).origin] : [] }
}

/**
 * Facts of a clinic that every patient's page needs and that change seldom: kept for seconds, so that a submit asks the
 * database for nothing but the submit. Whatever copy of the API saves them, all drop them at once; where that was not heard, their time
 * ends. No patient's data is ever in here.
 */
export class ClinicFactsCache {
  readonly #deps: ApiDeps
  readonly #kept = new Map<string, { until: number; facts: Promise<ClinicFacts>; read?: ClinicFacts }>()
  #stop: (() => Promise<void>) | undefined

  constructor(deps: ApiDeps) {
    this.#deps = deps
  }

  async start(changes: ChangeFeed): Promise<void> {
    this.#stop = await changes.onClinic((tenantId) => (tenantId === null ? this.#kept.clear() : this.forget(tenantId)))
  }

  async stop(): Promise<void> {
    await this.#stop?.()
    this.#stop = undefined
  }

  of(tenantId: string): Promise<ClinicFacts> {
    const kept = this.#kept.get(tenantId)
    if (kept && kept.until > performance.now()) return kept.facts
    const facts = this.#read(tenantId)
    const fresh: { until: number; facts: Promise<ClinicFacts>; read?: ClinicFacts } = { until: performance.now() + edgeLimits.tenantFactsMs, facts }
    this.#kept.set(tenantId, fresh)
    facts.then(
      (read) => {
        fresh.read = read
      },
      // A failed read is not kept.
      () => {
        if (this.#kept.get(tenantId) === fresh) this.#kept.delete(tenantId)
      },
    )
    return facts
  }

  /** Read after these: for whoever is about to be refused because of what was kept. Many who ask at once share one reading. */
  after(tenantId: string, seen: ClinicFacts): Promise<ClinicFacts> {
    if (this.#kept.get(tenantId)?.read === seen) this.forget(tenantId)
    return this.of(tenantId)
  }

  forget(tenantId: string): void {
    this.#kept.delete(tenantId)
  }

  async #read(tenantId: string): Promise<ClinicFacts> {
    const { clinic, intakes, connections } = this.#deps
    const [tenant, branding, payers, forms, texts, connected] = await Promise.all([
      clinic.tenant(tenantId),
      intakes.branding(tenantId),
      intakes.payers(),
      intakes.forms(tenantId),
      intakes.consentTexts(tenantId),
      connections.list(tenantId),
    ])
    // Nobody is offered a language in which they could not send the form.
    const [first, ...rest] = branding.languages.filter((language) => canBeSigned(texts.filter((text) => text.language === language)))
    const languages: ClinicFacts['languages'] = first ? [first, ...rest] : branding.languages
    const textsIn = (language: LanguageTag): ConsentText[] => (languages.includes(language) ? texts.filter((text) => text.language === language) : [])
    const { id, slug, name, timeZone, region } = tenant
    return {
      id,
      slug,
      name,
      timeZone,
      region,
      phone: branding.contactPhone,
      brandColour: branding.brandColour,
      logoUrl: logoUrlOf(tenantId, branding.logoSha256),
      payers,
      forms,
      languages,
      consentTexts: { en: textsIn('en'), es: textsIn('es'), de: textsIn('de'), fr: textsIn('fr') },
      card: cardScript(connected, this.#deps.settings, clinicCurrencyOf(tenant)),
    }
  }
}

type ClinicView = Pick<ClinicFacts, 'name' | 'phone' | 'brandColour' | 'logoUrl' | 'timeZone' | 'languages'> & { country: string | null }
export const clinicView = (facts: ClinicFacts): ClinicView => ({
  name: facts.name,
  phone: facts.phone,
  brandColour: facts.brandColour,
  logoUrl: facts.logoUrl,
  timeZone: facts.timeZone,
  country: clinicCountryOf(facts),
  languages: facts.languages,
})
