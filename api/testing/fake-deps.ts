import { EligibilityAnswer, EligibilityInquiry, EligibilityRejection } from '@heliox/core/billing'
import { type Adapter, defineAdapter, neverStop } from '@heliox/core/kit'
import type { OpsChange } from '@heliox/core/ports'
import { createLog } from '@heliox/hub/log'
import { makePass } from '@heliox/hub/objects'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { now } from './clinics.ts'
import { fakeBulkReleases } from './fake-bulk.ts'
import { fakeAccounts, fakeClinic, fakeConnections, fakeServiceAccounts } from './fake-clinic.ts'
import { fakeClinicWords } from './fake-clinic-words.ts'
import { fakeDesk } from './fake-desk.ts'
import { fakeMessages } from './fake-messages.ts'
import { fakeDeadLetters, fakeIncidents, fakeJourneys, fakeLive } from './fake-ops.ts'
import { fakeConsents, fakeCorrections, fakeIntakes, fakeLook, fakeProofs } from './fake-patients.ts'
import { fakePayers } from './fake-payers.ts'
import { fakeHooks, fakePayments } from './fake-payments.ts'
import { fakeQueue } from './fake-queue.ts'
import { fakeScheduler } from './fake-scheduler.ts'
import { fakeUnsubscribe } from './fake-unsubscribe.ts'
import { fakeVisits } from './fake-visits.ts'
import type { World } from './world.ts'

const clearinghouse: Adapter = defineAdapter({
  id: 'clearinghouse',
  title: 'Clearinghouse',
  config: z.object({ restUrl: z.url(), submitterId: z.string().length(15) }),
  secrets: z.object({ restToken: z.string().min(8) }),
  health: async () => ({ ok: true, text: 'fine' }),
  operations: (op) => ({
    checkEligibility: op({
      summary: 'Ask the payer.',
      version: 1,
      input: EligibilityInquiry,
      output: EligibilityAnswer,
      rejection: EligibilityRejection,
      replay: 'safe',
      payerOf: ({ payerId }) => payerId,
      breaker: { timeoutMs: 1, errorThresholdPercent: 50, volumeThreshold: 1, resetTimeoutMs: 1, inFlightMax: 1 },
      retry: { attemptsMax: 1, firstDelayMs: 1, delayMsMax: 1 },
      call: async () => {
        throw new Error('the api never calls a partner')
      },
    }),
  }),
})

interface Changes {
  handlers: Set<(change: { tenantId: string; intakeId: string }) => void>
  opsHandlers: Set<(change: OpsChange) => void>
  clinicHandlers: Set<(tenantId: string | null) => void>
}
export function fakeDeps(world: World, { handlers, opsHandlers, clinicHandlers }: Changes, settings: Partial<ApiDeps['settings']>): ApiDeps {
  return {
    settings: {
      production: true,
      region: 'us-east',
      process: 'api-1',
      publicUrl: 'http://hub.example',
      objectsOrigin: 'http://objects.example',
      uiFolder: '/nowhere',
      liveUrls: {},
      ...settings,
    },
    clock: { now: () => now },
    log: createLog({ level: 'debug', process: 'api-1', region: 'us-east' }, { write: (line: string) => void world.logLines.push(line) }),
    intakes: fakeIntakes(world),
    accounts: fakeAccounts(world),
    ops: fakeJourneys(world),
    clinic: fakeClinic(world),
    visits: fakeVisits(world),
    connections: fakeConnections(world),
    hooks: fakeHooks,
    payments: fakePayments(world),
    messages: fakeMessages(world),
    unsubscribe: fakeUnsubscribe(),
    queue: fakeQueue(world),
    incidents: fakeIncidents(world),
    bulkReleases: fakeBulkReleases(world.bulkReleases, (tenantId) =>
      [...world.overrides.values()].filter((o) => o.tenantId === tenantId && o.status === 'open'),
    ),
    payers: fakePayers(world.audits),
    scheduler: fakeScheduler(),
    live: fakeLive(world),
    consents: fakeConsents(world),
    accesses: { about: async (_tenantId, _of, { from }) => ({ lines: [], from, whole: true }) },
    look: fakeLook(world),
    corrections: fakeCorrections(world),
    ...fakeProofs,
    ...fakeDesk(world),
    ...fakeClinicWords(world),
    serviceAccounts: fakeServiceAccounts(world),
    audit: { audit: async (tenantId, entry) => void world.audits.push({ tenantId, ...entry }) },
    changes: {
      onJourney: async (handler) => {
        handlers.add(handler)
        return async () => void handlers.delete(handler)
      },
      onOps: async (handler) => {
        opsHandlers.add(handler)
        return async () => void opsHandlers.delete(handler)
      },
      onClinic: async (handler) => {
        clinicHandlers.add(handler)
        return async () => void clinicHandlers.delete(handler)
      },
    },
    objects: {
      putUrl: async (key, o) => `http://objects.example/quarantine/${key}?bytes=${o.bytes}&type=${encodeURIComponent(o.contentType)}`,
      inQuarantine: async (prefix) =>
        new Map([...world.objects].flatMap(([key, body]) => (key.startsWith(`quarantine:${prefix}`) ? [[key.slice('quarantine:'.length), body.length]] : []))),
      get: async (bucket, key) => world.objects.get(`${bucket}:${key}`),
      pass: makePass('test'),
    },
    adapters: [clearinghouse],
    deadLetters: fakeDeadLetters(),
    flows: async () => [{ name: 'eligibility', version: 1, hash: 'f'.repeat(64), enters: ['eligibility.requested.v1'], leaves: [] }],
    stop: async (at) => {
      world.stops.push(at)
      return neverStop(at)
    },
    ready: async () => undefined,
  }
}
