import { HandoverStep, LegacyModeWanted, LegacyPut, LegacyPutDone, LegacyRefused, MirrorRecord, VisitMirrorDue } from '@heliox/core/clinical'
import { defineMap } from '@heliox/core/kit'

export const legacyPut = defineMap({
  name: 'legacy-put',
  version: 1,
  summary: 'What the visit is now, for its copy at the old scheduler.',
  root: VisitMirrorDue,
  input: VisitMirrorDue,
  output: LegacyPut,
  reads: { patient: [], visit: true, purpose: 'messaging' },
  map: ({ visitId, version, legacyId, revision }, _facts, read) => {
    if (!read.visit) throw new Error('legacy-put: the visit was not read')
    const { status, startsAt, endsAt, practitioner } = read.visit
    return { visitId, version, legacyId, revision, status, startsAt, endsAt, practitioner }
  },
})

export const mirrorRecord = defineMap({
  name: 'mirror-record',
  version: 1,
  summary: 'Under which number and revision the copy stands.',
  root: VisitMirrorDue,
  input: LegacyPutDone,
  output: MirrorRecord,
  reads: null,
  map: ({ legacyId, revision, version }, { root }) => ({ is: 'copied' as const, visitId: root.visitId, legacyId, revision, version }),
})

export const mirrorRefusalRecord = defineMap({
  name: 'mirror-refusal-record',
  version: 1,
  summary: 'That the old scheduler did not take the copy, with its code.',
  root: VisitMirrorDue,
  input: LegacyRefused,
  output: MirrorRecord,
  reads: null,
  map: ({ code }, { root }) => ({ is: 'refused' as const, visitId: root.visitId, code }),
})

export const legacyMode = defineMap({
  name: 'legacy-mode',
  version: 1,
  summary: 'Whether people may change appointments there.',
  root: HandoverStep,
  input: HandoverStep,
  output: LegacyModeWanted,
  reads: null,
  map: ({ handoverId, mode, asked }) => ({ handoverId, mode, asked }),
})
