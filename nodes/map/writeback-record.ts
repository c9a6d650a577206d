import { EligibilityOutcome } from '@heliox/core/billing'
import { EhrRefused, EhrWritten, WritebackRecord } from '@heliox/core/clinical'
import { defineMap, type MapFacts, type ValueOf } from '@heliox/core/kit'

const ids = ({ root }: MapFacts<ValueOf<typeof EligibilityOutcome>>) => ({ intakeId: root.intakeId, patientId: root.patientId, visitId: root.visitId })

export const writebackRecord = defineMap({
  name: 'writeback-record',
  version: 1,
  summary: 'Under which references the EHR keeps what was written.',
  root: EligibilityOutcome,
  input: EhrWritten,
  output: WritebackRecord,
  reads: null,
  map: (written, facts) => ({ ...ids(facts), outcome: 'written' as const, refs: written, codes: [] }),
})

export const writebackRefusalRecord = defineMap({
  name: 'writeback-refusal-record',
  version: 1,
  summary: 'That the EHR refused, with the codes of its OperationOutcome.',
  root: EligibilityOutcome,
  input: EhrRefused,
  output: WritebackRecord,
  reads: null,
  map: (refused, facts) => ({ ...ids(facts), outcome: 'refused' as const, refs: null, codes: refused.codes }),
})
