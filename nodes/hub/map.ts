import type { CanaryKind } from '@heliox/core/catalog'
import type { PatientAnswers } from '@heliox/core/identity'
import type { MapFacts, MapReads, MapSpec, Reads } from '@heliox/core/kit'
import type { NodeServices, Step, StepHandler } from '@heliox/core/ports'
import { parsed } from './parsed.ts'

const nothing: MapReads = {
  ...{ patient: {}, visit: null, chart: null, payer: null, secondPayer: null, signedIn: null },
  ...{ canary: null, batch: [], leave: null, letter: null },
}

/**
 * A typed translation. The hub fetches what the map declared it reads, no more, and calls the pure function; both ends are parsed.
 * What is read of a patient is audited with the purpose that the map named. A visit's times and practitioner are not, nor a payer.
 * Of a batch, the fields are read of each of its patients, and of the root's patient none.
 */
export function mapHandler(map: MapSpec, services: NodeServices): StepHandler {
  return async (input, step) => {
    const value = parsed(map.input, input, `input of ${map.name}`)
    const root = parsed(map.root, step.envelope.payload, `root event of ${map.name}`)
    const read = map.reads ? await fetchReads(map.reads, root, step, services) : nothing
    const { id, name, timeZone, npi } = await services.connections.tenant(step.ref.tenantId)
    const facts: MapFacts<unknown> = { root, at: step.beganAt, tenant: { id, name, timeZone, npi }, manual: step.manual, suspicions: step.suspicions }
    // The list of maps is untyped; every value here was just parsed by the contracts that this map names.
    const output = map.map(value as never, facts as never, read)
    return {
      is: 'next',
      port: 'ok',
      contract: map.output,
      value: parsed(map.output, output, `output of ${map.name}`),
      manual: step.manual,
      suspicions: step.suspicions,
    }
  }
}

async function fetchReads(reads: Reads, root: unknown, step: Step, services: NodeServices): Promise<MapReads> {
  const { phi, payers, messages, clock, process } = services
  const ids = root as { intakeId?: string; patientId?: string; visitId?: string; payerId?: string; known?: CanaryKind; batchId?: string; messageId?: string }
  const { tenantId } = step.ref
  const actor = `service:${process}`
  // Before anything is read: a read that nobody waits for any more could fail unseen.
  const patientId = reads.patient.length > 0 && !reads.batch ? named(ids.patientId, 'patient') : null
  const chartOf = reads.chart ? named(ids.patientId, 'patient') : null
  const visitId = reads.visit ? named(ids.visitId, 'visit') : null
  const payerId = reads.payer || reads.canary ? named(ids.payerId, 'payer') : null
  const signedOf = reads.signedIn ? named(ids.intakeId, 'intake') : null
  const known = reads.canary ? named(ids.known, 'canary') : null
  const batchId = reads.batch ? named(ids.batchId, 'batch') : null
  const messageId = reads.leave || reads.letter ? named(ids.messageId, 'message') : null
  const [patient, visit, chart, payer, signedIn, canary, batch, leave, letter] = await Promise.all([
    patientId ? phi.readPatient(tenantId, patientId, reads.patient, reads.purpose, actor, clock.now()) : nothing.patient,
    visitId ? phi.readVisit(tenantId, visitId) : nothing.visit,
    chartOf ? phi.readChart(tenantId, chartOf, reads.purpose, actor, clock.now()) : nothing.chart,
    payerId && reads.payer ? payers.payer(tenantId, payerId) : nothing.payer,
    signedOf ? phi.readSignedIn(tenantId, signedOf) : nothing.signedIn,
    payerId && known ? payers.canary(tenantId, payerId, known) : null,
    batchId ? phi.readBatch(tenantId, batchId, reads.patient, reads.purpose, actor, clock.now()) : nothing.batch,
    messageId && reads.leave ? messages.leave(step.ref, step.envelope.aggregateVersion, messageId, clock.now()) : null,
    messageId && reads.letter ? messages.letter(step.ref, messageId, named(services.publicUrl, 'public address'), actor, clock.now()) : null,
  ])
  // Taken out of the settings since it fell due: asking about nobody in particular would be a question about a stranger.
  if (known && !canary) throw new Error('the payer has no such canary any more')
  const second = reads.secondPayer ? (patient.secondary as PatientAnswers['secondary'])?.payerId : null
  const secondPayer = second ? await payers.payer(tenantId, second) : null
  return { patient, visit, chart, payer, secondPayer, signedIn, canary: canary ?? null, batch, leave, letter }
}

function named<T extends string>(id: T | undefined, what: string): T {
  if (!id) throw new Error(`the root event names no ${what}`)
  return id
}
