import { defineApply } from '../kit/index.ts'
import { PhotoRecord, UploadRecord } from './model.ts'

export const mediaApplies = [
  defineApply({
    name: 'media.record-scan',
    version: 1,
    context: 'media',
    summary: 'Clean with its hash, or rejected with its reason.',
    input: UploadRecord,
    emits: ['upload.cleared.v1', 'upload.rejected.v1'],
  }),
  defineApply({
    name: 'media.record-photo',
    version: 1,
    context: 'media',
    summary: 'Clean with the hashes of both copies, or refused with its reason; nothing when it is no longer in quarantine.',
    input: PhotoRecord,
    emits: ['upload.cleared.v1', 'upload.rejected.v1'],
  }),
] as const
