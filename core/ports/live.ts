import type { ServiceRole } from '../identity/service-accounts.ts'
import type { BreakerNow, PayerNow } from '../messaging/weather.ts'

/** Counts of one flow's deliveries of one clinic. */
export interface FlowDepth {
  flow: string
  active: number
  retrying: number
  held: number
}
/** One delivery that is not settled, by the ids that everybody may see. */
export interface FlowDelivery {
  rootId: string
  flow: string
  version: number
  intakeId: string | null
  state: 'open' | 'retrying' | 'held'
  /** When it came into this state. */
  since: string
}
/** Calls to partners that began in this minute. */
export interface MinuteOfCalls {
  minute: string
  answered: number
  failed: number
}
export interface PartnerCalls {
  partner: string
  calls: number
  failed: number
}
/** What the weather is told from (`weatherOf`). */
export interface WeatherFacts {
  /** Whom the clinic asked of late, and every payer with something standing; which partner reaches them is the adapters' to say. */
  payers: Omit<PayerNow, 'partner'>[]
  /** Those that are not closed. */
  breakers: BreakerNow[]
}
export interface LiveFigures extends WeatherFacts {
  flows: FlowDepth[]
  /** One entry for each of the last 60 minutes, oldest first. */
  throughput: MinuteOfCalls[]
  /** The last 15 minutes. */
  partners: PartnerCalls[]
}

/** What moves and what stands at one clinic, in counts: no row of it names a patient. */
export interface LiveStore {
  weather(tenantId: string, now: Date): Promise<WeatherFacts>
  figures(tenantId: string, now: Date): Promise<LiveFigures>
  depths(tenantId: string): Promise<FlowDepth[]>
  /** Longest standing first. */
  deliveries(tenantId: string, flow: string, state: 'open' | 'retrying', page: { from: number; limit: number }): Promise<FlowDelivery[]>
  /** Undefined when it is settled, or not there. */
  delivery(tenantId: string, flow: string, rootId: string): Promise<FlowDelivery | undefined>
}

export interface ServiceAccount {
  id: string
  name: string
  role: ServiceRole
  createdBy: string
  createdAt: string
  expiresAt: string
  endedAt: string | null
}
/** Programs that may ask the API for a clinic. A token is shown once; its hash is kept. */
export interface ServiceAccountStore {
  /** By hash of its token; undefined when unknown, ended or past its time. */
  find(tokenSha256: string, now: Date): Promise<{ id: string; tenantId: string; region: string; role: ServiceRole } | undefined>
  list(tenantId: string): Promise<ServiceAccount[]>
  /** Audited in the same commit. `too-many`: the clinic has as many as it may. */
  create(
    tenantId: string,
    account: { name: string; role: ServiceRole; tokenSha256: string; expiresAt: Date },
    actor: string,
    now: Date,
  ): Promise<string | 'too-many'>
  /** Audited in the same commit; from the next call on its token opens nothing. */
  end(tenantId: string, id: string, actor: string, now: Date): Promise<'ended' | 'not-found'>
}
