import type { Payer } from '@heliox/core/catalog'
import type { ConsentText } from '@heliox/core/compliance'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { edgeLimits } from './limits.ts'

export interface CardScript {
  scriptUrl: string
  publishableKey: string
  /** Where the script and its frames talk to; for the content security policy. */
  origins: string[]
}
export interface ClinicFacts {
  id: string
  slug: string
  name: string
  timeZone: string
  region: string
  phone: string
  brandColour: string
  payers: Payer[]
  consentTexts: { en: ConsentText[]; es: ConsentText[] }
  card: CardScript | null
}

/** What a card partner's configuration must say for the browser; any adapter whose config has these fields will do. */
const BrowserCard = z.object({ scriptUrl: z.url(), publishableKey: z.string(), apiBase: z.url().optional() })

function cardScript(connections: readonly { config: unknown }[]): CardScript | null {
  for (const { config } of connections) {
    const card = BrowserCard.safeParse(config)
    if (!card.success) continue
    const { scriptUrl, publishableKey, apiBase } = card.data
    return { scriptUrl, publishableKey, origins: [...new Set([scriptUrl, apiBase ?? scriptUrl].map((url) => new URL(url).origin))] }
  }
  return null
}

/**
 * Facts of a clinic that every patient's page needs and that change seldom: kept for seconds, so that a submit asks the
 * database for nothing but the submit. No patient's data is ever in here.
 */
export class ClinicFactsCache {
  readonly #deps: ApiDeps
  readonly #kept = new Map<string, { until: number; facts: Promise<ClinicFacts> }>()

  constructor(deps: ApiDeps) {
    this.#deps = deps
  }

  of(tenantId: string): Promise<ClinicFacts> {
    const kept = this.#kept.get(tenantId)
    if (kept && kept.until > performance.now()) return kept.facts
    const facts = this.#read(tenantId)
    this.#kept.set(tenantId, { until: performance.now() + edgeLimits.tenantFactsMs, facts })
    // A failed read is not kept.
    facts.catch(() => this.#kept.delete(tenantId))
    return facts
  }

  forget(tenantId: string): void {
    this.#kept.delete(tenantId)
  }

  async #read(tenantId: string): Promise<ClinicFacts> {
    const { clinic, intakes, connections } = this.#deps
    const [tenant, branding, payers, en, es, connected] = await Promise.all([
      clinic.tenant(tenantId),
      intakes.branding(tenantId),
      intakes.payers(),
      intakes.consentTexts(tenantId, 'en'),
      intakes.consentTexts(tenantId, 'es'),
      connections.list(tenantId),
    ])
    const { id, slug, name, timeZone, region } = tenant
    return {
      id,
      slug,
      name,
      timeZone,
      region,
      phone: branding.contactPhone,
      brandColour: branding.brandColour,
      payers,
      consentTexts: { en, es },
      card: cardScript(connected),
    }
  }
}

export const clinicView = (facts: ClinicFacts): { name: string; phone: string; brandColour: string; timeZone: string } => ({
  name: facts.name,
  phone: facts.phone,
  brandColour: facts.brandColour,
  timeZone: facts.timeZone,
})
