import type { Adapter, Clock, Stop } from '@heliox/core/kit'
import type {
  AccessStore,
  AccountStore,
  AuditStore,
  BulkReleaseStore,
  ChangeFeed,
  ClinicLookStore,
  ClinicStore,
  ConnectionAdminStore,
  ConsentStore,
  ConsentTextStore,
  ContactStore,
  CorrectionStore,
  DeskStore,
  DraftStore,
  FormStore,
  HookStore,
  IncidentStore,
  IntakeStore,
  KnownPatientStore,
  LiveStore,
  MessageStore,
  OpsStore,
  PayerAdminStore,
  PaymentStore,
  ProofStore,
  QueueStore,
  ScheduleStore,
  ServiceAccountStore,
  UnsubscribeStore,
  VisitStore,
} from '@heliox/core/ports'
import type { Objects } from '@heliox/hub/objects'
import type { FastifyBaseLogger } from 'fastify'
import type { FlowView } from './routes/flows/schemas.ts'

/** The bus, as little of it as the API may see: dead letters of one clinic. `main.ts` binds it to the real one. */
export interface DeadLetters {
  list(
    tenantId: string,
    limit: number,
    /** Of this queue alone. */
    queue?: string,
  ): Promise<DeadLetter[]>
  /** How many a clinic has in each queue; throws a refusal while the bus is away. */
  counts(tenantId: string): Promise<ReadonlyMap<string, number>>
  /** `false`: not there, or another clinic's. `before` comes before it moves; when that throws, nothing moves. */
  requeue(tenantId: string, queue: string, id: string, before: () => Promise<void>): Promise<boolean>
  /** Back to its queue with what was wrong in its payload put right; a refusal when anything else differs, or the contract still finds something wrong. */
  correct(tenantId: string, queue: string, id: string, payload: unknown, before: (changed: readonly string[]) => Promise<void>): Promise<boolean>
}
interface DeadLetter {
  id: string
  queue: string
  type: string | null
  intakeId: string | null
  reason: string | null
  diedAt: string | null
  payload?: unknown
  /** Fields of the payload that may be corrected; none: it can only be given back. */
  correctable?: readonly string[]
}

export interface ApiSettings {
  /** Real patients: what is for development only is refused. */
  production: boolean
  region: string
  process: string
  /** What patients and staff type; links are made from it. */
  publicUrl: string
  /** Where the browser reaches the buckets. */
  objectsOrigin: string
  /** The built screens. */
  uiFolder: string
  /** By tenant id: where the live view of a clinic runs. */
  liveUrls: Readonly<Record<string, string>>
  /** Shared with them. */
  liveKey?: string
  /** Behind a proxy of ours: the client's address is the one it names. */
  trustProxy?: boolean
}

/** Everything the API needs, handed in: by `main.ts` the real things, by tests whatever they look at. */
export interface ApiDeps {
  settings: ApiSettings
  clock: Clock
  log: FastifyBaseLogger
  intakes: IntakeStore
  accounts: AccountStore
  ops: OpsStore
  clinic: ClinicStore
  desk: DeskStore
  visits: VisitStore
  consents: ConsentStore
  consentTexts: ConsentTextStore
  accesses: AccessStore
  look: ClinicLookStore
  corrections: CorrectionStore
  contacts: ContactStore
  proofs: ProofStore
  drafts: DraftStore
  knownPatients: KnownPatientStore
  connections: ConnectionAdminStore
  hooks: HookStore
  payments: PaymentStore
  messages: MessageStore
  unsubscribe: UnsubscribeStore
  queue: QueueStore
  incidents: IncidentStore
  bulkReleases: BulkReleaseStore
  payers: PayerAdminStore
  forms: FormStore
  scheduler: ScheduleStore
  live: LiveStore
  serviceAccounts: ServiceAccountStore
  audit: AuditStore
  changes: ChangeFeed
  objects: Pick<Objects, 'putUrl' | 'inQuarantine' | 'get' | 'pass'>
  adapters: readonly Adapter[]
  deadLetters: DeadLetters
  flows(): Promise<FlowView[]>
  stop: Stop
  /** Rejects while the process cannot do its work. */
  ready(): Promise<void>
  limits?: Partial<Record<'signInsPerMinuteMax' | 'requestsPerMinuteMax' | 'linkCallsPerMinuteMax' | 'streamsPerIntakeMax' | 'streamHeartbeatMs', number>>
}
