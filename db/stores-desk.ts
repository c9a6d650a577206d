import { randomUUID } from 'node:crypto'
import type { VisitDetails } from '@heliox/core/clinical'
import type { VisitContact } from '@heliox/core/identity'
import type { DeskStore, ImportOutcome, NewLink } from '@heliox/core/ports'
import type { z } from 'zod'
import { sealChart } from './clinical/charts.ts'
import { visitsOfAnother } from './clinical/of-another.ts'
import { mirrorVisit, scheduleOwner } from './clinical/schedule-owner.ts'
import { importedLines, keepLine, lockImports, visitOfLine, visitsAt } from './clinical/visit-imports.ts'
import { insertVisit } from './clinical/visits.ts'
import { contactRevisions, saveContact } from './identity/contacts.ts'
import { openIntake } from './identity/intakes.ts'
import { endedLinks, sealLink } from './identity/links.ts'
import { reachOf } from './identity/reach.ts'
import { latestOf, messageView } from './messaging/messages.ts'
import type { Emission } from './outbox.ts'
import { journeysBetween } from './reporting/journeys.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'
import type { Vault } from './vault.ts'

interface Booking {
  visitId: string
  intakeId: string
  details: z.output<typeof VisitDetails> & { contact?: VisitContact | undefined }
  link: NewLink
}

/** Visit, intake, link, contact and the copy at the old scheduler, in the caller's commit. The vault must be warm. */
export async function bookVisit(tx: Tx, vault: Vault, { details, link, ...ids }: Booking, at: Emission): Promise<'booked' | 'elsewhere' | 'handover'> {
  const { mayCreate, handoverTo } = await scheduleOwner(tx)
  if (!mayCreate) return handoverTo === null ? 'elsewhere' : 'handover'
  const startsAt = new Date(details.startsAt)
  const endsAt = new Date(startsAt.getTime() + details.minutes * 60_000)
  const patientRef = details.ehrPatientId === undefined ? null : `Patient/${details.ehrPatientId}`
  const chartDocumentId = patientRef && (await sealChart(tx, vault, { intakeId: ids.intakeId, patientId: null, patientRef }, at.now))
  await insertVisit(tx, { ...ids, startsAt, endsAt, practitioner: details.practitioner, chartDocumentId }, at)
  await openIntake(tx, { ...ids, ...link }, at)
  await sealLink(tx, vault, ids.intakeId, link, at.now)
  if (details.contact) await saveContact(tx, vault, ids.visitId, details.contact, at.now)
  await mirrorVisit(tx, ids.visitId, 'clinic', at)
  return 'booked'
}

/** The front desk's days, and visits out of a file. */
export function makeDesk({ pool, vault, process, wake }: Deps): DeskStore {
  const reader = `service:${process}`
  return {
    between: (tenantId, from, to, limit, now) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const found = await journeysBetween(tx, from, to, limit + 1)
        const journeys = found.slice(0, limit)
        const intakeIds = journeys.map(({ intakeId }) => intakeId)
        const messages = await latestOf(tx, intakeIds)
        const ended = await endedLinks(tx, intakeIds, now)
        const byIntake = new Map(messages.map((row) => [row.intakeId, messageView(row)]))
        const visitIds = journeys.flatMap(({ visitId }) => visitId ?? [])
        const contacts = await contactRevisions(tx, visitIds)
        const others = await visitsOfAnother(tx, visitIds)
        const items = journeys.map((journey) => ({
          ...{ journey, message: byIntake.get(journey.intakeId) ?? null },
          contactRevision: (journey.visitId && contacts.get(journey.visitId)?.revision) || 0,
          ...{ ofAnother: journey.visitId !== null && others.has(journey.visitId), linkEnded: ended.has(journey.intakeId) },
        }))
        return { items, cut: found.length > limit }
      }),
    visitIds: (tenantId, from, to, limit) =>
      withTenant(pool, tenantId, reader, async (tx) => (await journeysBetween(tx, from, to, limit)).flatMap(({ visitId }) => visitId ?? [])),
    link: (tenantId, intakeId, now) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const reach = await reachOf(tx, intakeId, now)
        if (!reach) return undefined
        const hasEnded = reach.status !== 'revoked' && (await endedLinks(tx, [intakeId], now)).size > 0
        return { status: hasEnded ? 'expired' : reach.status, canBeSent: reach.link }
      }),
    async imported(tenantId, texts) {
      const macs = await Promise.all(texts.map((text) => vault.fingerprint(tenantId, text)))
      const there = await withTenant(pool, tenantId, reader, (tx) => importedLines(tx, macs))
      return new Map(
        texts.flatMap((text, index) => {
          const is = there.get(macs[index]?.toString('hex') ?? '')
          return is ? [[text, is] as const] : []
        }),
      )
    },
    visitsAt: (tenantId, moments) => withTenant(pool, tenantId, reader, (tx) => visitsAt(tx, moments)),
    async importVisit(tenantId, { text, details, anew = false }, link, actor, now, traceparent = null) {
      const mac = await vault.fingerprint(tenantId, text)
      const ids = { visitId: randomUUID(), intakeId: randomUUID() }
      const outcome = await withTenant(pool, tenantId, actor, async (tx): Promise<ImportOutcome> => {
        await lockImports(tx)
        const there = await visitOfLine(tx, mac)
        if (there && !(anew && there.is === 'cancelled')) return there
        const booked = await bookVisit(tx, vault, { ...ids, details, link }, { now, process, traceparent })
        if (booked !== 'booked') return { is: booked }
        await keepLine(tx, mac, ids.visitId, now)
        return { is: 'booked', ...ids }
      })
      if (outcome.is === 'booked') {
        wake.outbox('clinical')
        wake.outbox('identity')
      }
      return outcome
    },
  }
}
