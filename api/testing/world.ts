import type { ConsentText } from '@heliox/core/compliance'
import type { Role } from '@heliox/core/identity'
import type { OptOutCause } from '@heliox/core/messaging'
import type {
  BulkRelease,
  CorrectionOffer,
  FlowDelivery,
  IncidentListItem,
  LinkFacts,
  LiveFigures,
  OpsChange,
  ServiceAccount,
  SessionUser,
  UploadFacts,
} from '@heliox/core/ports'
import type { Journey } from '@heliox/core/reporting'
import type { ApiDeps } from '../deps.ts'
import type { KeptDecision, KeptItem, QueueWorld } from './fake-queue.ts'

export interface Upload {
  id: string
  intakeId: string
  tenantId: string
  kind: 'card-front' | 'card-back'
  status: UploadFacts['status']
  contentType: string
  quarantineKey: string
  bytes: number | null
  sha256: string | null
  partBytes: number | null
  /** Of a clean one: where its copy lies in `objects`, and the hash that the scan wrote down. */
  clean: { key: string; sha256: string } | null
}
/** All that the stand-ins of the stores hold; a test looks into it and puts things there. */
export interface World {
  deps: ApiDeps
  logLines: string[]
  links: Map<string, LinkFacts>
  sessions: Map<string, SessionUser>
  uploads: Map<string, Upload>
  /** Both buckets, by `bucket:key`. */
  objects: Map<string, Buffer>
  overrides: Map<string, KeptItem>
  decisions: Map<string, KeptDecision>
  views: QueueWorld['views']
  rules: QueueWorld['rules']
  choice: QueueWorld['choice']
  incidents: Map<string, IncidentListItem & { tenantId: string }>
  journeys: Map<string, Journey & { tenantId: string }>
  bulkReleases: Map<string, BulkRelease & { tenantId: string }>
  submits: { intakeId: string; key: string; body: string; meta: unknown }[]
  /** By tenant and intake: what a patient is asked to put right. */
  offers: Map<string, CorrectionOffer>
  /** By intake. */
  consents: Map<string, NonNullable<Awaited<ReturnType<ApiDeps['consents']['receipt']>>>>
  corrections: { intakeId: string; key: string; fields: unknown; payerName: string | null }[]
  connections: Map<string, { adapterId: string; config: unknown; secrets: unknown; updatedAt: string }>
  /** Visits whose appointment names another patient. */
  ofAnother: Set<string>
  audits: { tenantId: string; actor: string; action: string; resource: string; outcome: string; purpose?: string }[]
  figures: LiveFigures
  deliveries: (FlowDelivery & { tenantId: string })[]
  /** By hash of the token. */
  accounts: Map<string, ServiceAccount & { tenantId: string }>
  /** A program's token. */
  account(of?: Partial<ServiceAccount> & { tenantId?: string }): { token: string; id: string }
  stops: string[]
  /** Who ended messages, by intake and channel: `<id> sms`. */
  optOuts: Map<string, OptOutCause>
  journeyChanged(change: { tenantId: string; intakeId: string }): void
  opsChanged(change: OpsChange): void
  clinicChanged(tenantId: string | null): void
  link(of?: Partial<LinkFacts>): { token: string; facts: LinkFacts }
  session(roles: Role[], tenantId?: string): { cookie: string; user: SessionUser }
  override(of?: Partial<KeptItem>): string
  incident(of?: Partial<IncidentListItem> & { tenantId?: string }): string
  upload(link: LinkFacts, of?: Partial<Upload>): Upload
  clinicTexts(language: string): ConsentText[]
}
