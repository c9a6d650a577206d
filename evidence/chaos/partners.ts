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
  /** What Stripe told, or is telling still: each until somebody takes it. */
  webhooks: { id: string; type: string }[]
}

async function asked<T>(simulator: string, path: string): Promise<T> {
  const response = await fetch(`${simulator}/_sim/${path}`, { signal: AbortSignal.timeout(20_000) })
  if (!response.ok) throw new Error(`${simulator} answered ${response.status}`)
  return (await response.json()) as T
}
const each = (simulator: string) => asked<Each[]>(simulator, 'effects/each')

export async function readPartners(urls: Record<'clearinghouse' | 'stripe' | 'fhir', string>): Promise<PartnerFacts> {
  const [clearinghouse, stripe, fhir, people, all, told] = await Promise.all([
    each(urls.clearinghouse),
    each(urls.stripe),
    each(urls.fhir),
    peopleInEhr(urls.fhir),
    effects(urls.clearinghouse),
    asked<{ events: PartnerFacts['webhooks'] }>(urls.stripe, 'webhooks'),
  ])
  return { clearinghouse, stripe, fhir, people, interchanges: all.submitBatch?.byKey ?? {}, webhooks: told.events }
}
