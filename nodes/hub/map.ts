import type { MapFacts, MapSpec, Reads } from '@heliox/core/kit'
import type { NodeServices, Step, StepHandler } from '@heliox/core/ports'
import { parsed } from './parsed.ts'

/**
 * A typed translation. The hub fetches what the map declared it reads, no more, and calls the pure function; both ends are parsed.
 * What is read of the patient is audited with the purpose that the map named. A visit's times and practitioner are not.
 */
export function mapHandler(map: MapSpec, services: NodeServices): StepHandler {
  return async (input, step) => {
    const value = parsed(map.input, input, `input of ${map.name}`)
    const root = parsed(map.root, step.envelope.payload, `root event of ${map.name}`)
    const read = map.reads ? await fetchReads(map.reads, root, step, services) : { patient: {}, visit: null }
    const { id, name, timeZone, npi } = await services.connections.tenant(step.ref.tenantId)
    const facts: MapFacts<unknown> = { root, at: step.beganAt, tenant: { id, name, timeZone, npi }, manual: step.manual }
    // The list of maps is untyped; every value here was just parsed by the contracts that this map names.
    const output = map.map(value as never, facts as never, read)
    return { is: 'next', port: 'ok', contract: map.output, value: parsed(map.output, output, `output of ${map.name}`), manual: step.manual }
  }
}

async function fetchReads(reads: Reads, root: unknown, step: Step, { phi, clock, process }: NodeServices): Promise<Parameters<MapSpec['map']>[2]> {
  const { patientId, visitId } = root as { patientId?: string; visitId?: string }
  const { tenantId } = step.ref
  const wantsPatient = reads.patient.length > 0
  if (wantsPatient && !patientId) throw new Error('the root event names no patient')
  if (reads.visit && !visitId) throw new Error('the root event names no visit')
  const [patient, visit] = await Promise.all([
    wantsPatient && patientId ? phi.readPatient(tenantId, patientId, reads.patient, reads.purpose, `service:${process}`, clock.now()) : {},
    reads.visit && visitId ? phi.readVisit(tenantId, visitId) : null,
  ])
  return { patient, visit }
}
