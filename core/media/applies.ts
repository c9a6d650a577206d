import { defineApply } from '../kit/index.ts'
import { UploadRecord } from './model.ts'

export const mediaApplies = [
  defineApply({
    name: 'media.record-scan',
    version: 1,
    context: 'media',
    summary: 'Clean with its hash, or rejected with its reason.',
    input: UploadRecord,
    emits: ['upload.cleared.v1', 'upload.rejected.v1'],
  }),
] as const
