import type { Suspicion, Verdict } from '../billing/model.ts'
import type { CanaryKind, PayerRules, PayerSettings } from '../catalog/payer-settings.ts'

/** A payer as one clinic sees it now. */
export interface PayerListItem {
  id: string
  name: string
  route: PayerRules['route']
  timeZone: string
  /** By its own hours, now. */
  open: boolean
  nextOpenAt: string | null
  /** When it last answered this clinic. */
  lastSeenAt: string | null
  /** Since when its answers are not believed; null: they are. */
  suspiciousSince: string | null
  suspicions: Suspicion[]
  /** This clinic has values of its own. */
  own: boolean
  /** Of the clinic's own values; 0 while there are none. */
  version: number
}
export interface CanaryResult {
  known: CanaryKind
  askedAt: string | null
  answeredAt: string | null
  verdict: Verdict | null
  dueAt: string | null
}
export interface PayerDetail extends PayerListItem {
  /** What counts for every clinic that says nothing else. */
  catalogue: PayerRules
  settings: PayerSettings
  canaryResults: CanaryResult[]
}

/** The admin's side of payers: the catalogue's values and the clinic's own over them. */
export interface PayerAdminStore {
  /** By name. */
  list(tenantId: string, now: Date): Promise<PayerListItem[]>
  find(tenantId: string, payerId: string, now: Date): Promise<PayerDetail | undefined>
  /** All of the clinic's own values; what is left out is the catalogue's again. Audited in the same commit. `version`: as it was read. */
  save(
    tenantId: string,
    payerId: string,
    values: { settings: PayerSettings; version: number },
    actor: string,
    now: Date,
  ): Promise<'saved' | 'not-found' | 'changed-meanwhile'>
}
