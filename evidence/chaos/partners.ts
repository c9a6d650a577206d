import { effects, type Person, peopleInEhr } from '../demo/simulators.ts'

/** One effect at a partner: under which key, about whom, how often. */
interface Each {
  operation: string
  key: string
  times: number
  /** Of the clearinghouse: our request's id, without dashes. */
  trace?: string
  /** Of Stripe: our payment's id. */
  payment?: string
}

/** What the partners did, as they themselves say. */
export interface PartnerFacts {
  clearinghouse: Each[]
  stripe: Each[]
  fhir: Each[]
  /** Charts, by our patient's id. */
  people: Record<string, Person>
  /** Interchanges that the clearinghouse worked on, by their number. */
  interchanges: Record<string, number>
}

async function each(simulator: string): Promise<Each[]> {
  const response = await fetch(`${simulator}/_sim/effects/each`, { signal: AbortSignal.timeout(20_000) })
  if (!response.ok) throw new Error(`${simulator} answered ${response.status}`)
  return (await response.json()) as Each[]
}

export async function readPartners(urls: Record<'clearinghouse' | 'stripe' | 'fhir', string>): Promise<PartnerFacts> {
  const [clearinghouse, stripe, fhir, people, all] = await Promise.all([
    each(urls.clearinghouse),
    each(urls.stripe),
    each(urls.fhir),
    peopleInEhr(urls.fhir),
    effects(urls.clearinghouse),
  ])
  return { clearinghouse, stripe, fhir, people, interchanges: all.submitBatch?.byKey ?? {} }
}
