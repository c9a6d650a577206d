import { defineMap, limits } from '@heliox/core/kit'
import { ClearPhoto, cleanKeyOf, PhotoClean, PhotoRecord, PhotoRefused, quarantineKeysOf, thumbKeyOf, UploadCompleted } from '@heliox/core/media'
import { isOwnKey } from './clear-upload.ts'

export const clearPhoto = defineMap({
  name: 'clear-photo',
  version: 1,
  summary: 'Put these parts together, scan them, and put the clean copies there.',
  root: UploadCompleted,
  input: UploadCompleted,
  output: ClearPhoto,
  reads: null,
  map: ({ uploadId, quarantineKey, parts }, { tenant }) => {
    if (!isOwnKey(tenant.id, quarantineKey)) throw new Error('the photo does not lie where this clinic’s photos lie')
    return {
      uploadId,
      quarantineKeys: quarantineKeysOf(quarantineKey, parts?.count ?? null),
      announced: parts && { bytes: parts.bytes, sha256: parts.sha256 },
      cleanKey: cleanKeyOf(tenant.id, uploadId),
      thumbKey: thumbKeyOf(tenant.id, uploadId),
      bytesMax: limits.uploadBytesMax,
    }
  },
})

export const photoCleanRecord = defineMap({
  name: 'photo-clean-record',
  version: 1,
  summary: 'The photo is clean: where its copies lie, and all hashes.',
  root: UploadCompleted,
  input: PhotoClean,
  output: PhotoRecord,
  reads: null,
  map: (photo, { root, tenant, manual }) => {
    // No screen offers this (`byHand` of the scanner): whoever wrote it into the ledger did not scan the photo either.
    if (manual) throw new Error('a photo is clean by its scan, never by hand')
    const { uploadId } = root
    return { uploadId, verdict: { is: 'clean' as const, cleanKey: cleanKeyOf(tenant.id, uploadId), thumbKey: thumbKeyOf(tenant.id, uploadId), photo } }
  },
})

export const photoRefusedRecord = defineMap({
  name: 'photo-refused-record',
  version: 1,
  summary: 'The photo may not be served, and why.',
  root: UploadCompleted,
  input: PhotoRefused,
  output: PhotoRecord,
  reads: null,
  map: (refused, { root }) => ({ uploadId: root.uploadId, verdict: { is: 'refused' as const, refused } }),
})
