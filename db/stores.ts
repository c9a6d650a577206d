import type {
  AccessStore,
  AccountStore,
  ApplyStore,
  AuditStore,
  BatchStore,
  BreakerStore,
  BulkReleaseStore,
  BulkTurnStore,
  ClinicLookStore,
  ClinicStore,
  ConnectionAdminStore,
  ConnectionStore,
  ConsentStore,
  ConsentTextStore,
  ContactStore,
  ControlNumberStore,
  CorrectionStore,
  DecisionStore,
  DeskStore,
  DraftStore,
  DuesStore,
  EffectLedger,
  EndingStore,
  FlowStore,
  FormStore,
  HookStore,
  IncidentStore,
  IntakeStore,
  KnownPatientStore,
  LedgerMonths,
  LiveStore,
  LockStore,
  MessageStore,
  OpsStore,
  OutgoingStore,
  PayerAdminStore,
  PayerStore,
  PaymentStore,
  PhiStore,
  PlausibilityStore,
  Projector,
  ProofStore,
  QuarantineStore,
  QueueStore,
  ReceiveStore,
  RecheckStore,
  ReminderStore,
  ScheduleRounds,
  ScheduleStore,
  ServiceAccountStore,
  UnsubscribeStore,
  VisitStore,
} from '@heliox/core/ports'
import { makeAccounts } from './identity/accounts.ts'
import { makeConnectionAdmin, makeConnections } from './identity/connections.ts'
import { makeServiceAccounts } from './identity/service-accounts.ts'
import { makeLocks } from './locks.ts'
import { makeQuarantine } from './media/quarantine.ts'
import { makeUnsubscribe } from './messaging/unsubscribe.ts'
import type { Deps } from './store-deps.ts'
import { makeClinic, makeIntake, makeOps } from './stores-api.ts'
import { makeBreakerStore } from './stores-breakers.ts'
import { makeBulkReleases, makeBulkTurns } from './stores-bulk.ts'
import { makeConsentTexts, makeForms } from './stores-clinic-words.ts'
import { makeAccesses, makeConsents } from './stores-consents.ts'
import { makeCorrections } from './stores-corrections.ts'
import { makeDecisions } from './stores-decisions.ts'
import { makeDesk } from './stores-desk.ts'
import { makeApplies, makeAudit, makeFlows, makeLedger, makeLedgerMonths, makePhi, makeProjector } from './stores-engine.ts'
import { makeBatches, makeNumbers, makeReceive } from './stores-files.ts'
import { makeContacts, makeDrafts, makeEndings, makeKnownPatients, makeProofs } from './stores-identity.ts'
import { makeIncidents } from './stores-incidents.ts'
import { makeLive } from './stores-live.ts'
import { makeLook } from './stores-look.ts'
import { makeMessages, makeOutgoing, makeReminders } from './stores-messages.ts'
import { makePayerAdmin, makePayers, makePlausibility, makeRechecks } from './stores-payers.ts'
import { makeDues, makeHooks, makePayments } from './stores-payments.ts'
import { makeQueue } from './stores-queue.ts'
import { makeScheduleRounds, makeScheduler } from './stores-scheduler.ts'
import { makeVisits } from './stores-visits.ts'
import { silentWake, type Wake } from './wake.ts'

export interface Stores {
  flows: FlowStore
  ledger: EffectLedger
  ledgerMonths: LedgerMonths
  breakers: BreakerStore
  phi: PhiStore
  payers: PayerStore
  payerAdmin: PayerAdminStore
  forms: FormStore
  plausibility: PlausibilityStore
  rechecks: RecheckStore
  numbers: ControlNumberStore
  locks: LockStore
  receive: ReceiveStore
  batches: BatchStore
  connections: ConnectionStore
  applies: ApplyStore
  projector: Projector
  audit: AuditStore
  queue: QueueStore
  decisions: DecisionStore
  intake: IntakeStore
  consents: ConsentStore
  consentTexts: ConsentTextStore
  accesses: AccessStore
  look: ClinicLookStore
  corrections: CorrectionStore
  contacts: ContactStore
  proofs: ProofStore
  drafts: DraftStore
  knownPatients: KnownPatientStore
  endings: EndingStore
  accounts: AccountStore
  ops: OpsStore
  incidents: IncidentStore
  bulkReleases: BulkReleaseStore
  bulkTurns: BulkTurnStore
  live: LiveStore
  serviceAccounts: ServiceAccountStore
  clinic: ClinicStore
  desk: DeskStore
  visits: VisitStore
  scheduler: ScheduleStore
  scheduleRounds: ScheduleRounds
  connectionAdmin: ConnectionAdminStore
  hooks: HookStore
  payments: PaymentStore
  dues: DuesStore
  messages: MessageStore
  unsubscribe: UnsubscribeStore
  outgoing: OutgoingStore
  reminders: ReminderStore
  quarantine: QuarantineStore
}

/**
 * Every port of `core/ports` over one pool. Which of them work depends on the role the pool logs in as: the engine's role
 * cannot list sessions, the API's cannot read a patient. Without `wake` the relay finds new rows by its poll alone.
 */
export function makeStores(options: Omit<Deps, 'wake'> & { wake?: Wake }): Stores {
  const deps: Deps = { ...options, wake: options.wake ?? silentWake }
  const { pool, vault, process, clock } = deps
  return {
    flows: makeFlows(deps),
    ledger: makeLedger(deps),
    ledgerMonths: makeLedgerMonths(deps),
    breakers: makeBreakerStore(deps),
    phi: makePhi(deps),
    payers: makePayers(deps),
    payerAdmin: makePayerAdmin(deps),
    forms: makeForms(deps),
    plausibility: makePlausibility(deps),
    rechecks: makeRechecks(deps),
    numbers: makeNumbers(deps),
    locks: makeLocks(deps),
    receive: makeReceive(deps),
    batches: makeBatches(deps),
    connections: makeConnections(pool, vault, process, clock),
    applies: makeApplies(deps),
    projector: makeProjector(deps),
    audit: makeAudit(deps),
    queue: makeQueue(deps),
    decisions: makeDecisions(deps),
    intake: makeIntake(deps),
    consents: makeConsents(deps),
    consentTexts: makeConsentTexts(deps),
    accesses: makeAccesses(deps),
    look: makeLook(deps),
    corrections: makeCorrections(deps),
    contacts: makeContacts(deps),
    proofs: makeProofs(deps),
    drafts: makeDrafts(deps),
    knownPatients: makeKnownPatients(deps),
    endings: makeEndings(deps),
    accounts: makeAccounts(pool),
    ops: makeOps(deps),
    incidents: makeIncidents(deps),
    bulkReleases: makeBulkReleases(deps),
    bulkTurns: makeBulkTurns(deps),
    live: makeLive(deps),
    serviceAccounts: makeServiceAccounts(pool, process),
    clinic: makeClinic(deps),
    desk: makeDesk(deps),
    visits: makeVisits(deps),
    scheduler: makeScheduler(deps),
    scheduleRounds: makeScheduleRounds(deps),
    connectionAdmin: makeConnectionAdmin(deps),
    hooks: makeHooks(deps),
    payments: makePayments(deps),
    dues: makeDues(deps),
    messages: makeMessages(deps),
    unsubscribe: makeUnsubscribe(deps),
    outgoing: makeOutgoing(deps),
    reminders: makeReminders(deps),
    quarantine: makeQuarantine(deps),
  }
}
