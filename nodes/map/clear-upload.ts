import { defineMap, limits } from '@heliox/core/kit'
import { ClearUpload, cleanKeyOf, UploadClean, UploadCompleted, UploadRecord, UploadRefused } from '@heliox/core/media'

/** The bucket is everybody's: a key comes with an event, and what lies under another clinic's must never be copied under this one's. */
export const isOwnKey = (tenantId: string, key: string): boolean => key.startsWith(`${tenantId}/`) && !key.split('/').includes('..')

export const clearUpload = defineMap({
  name: 'clear-upload',
  version: 1,
  summary: 'Scan this object, and put its clean copy there.',
  root: UploadCompleted,
  input: UploadCompleted,
  output: ClearUpload,
  reads: null,
  map: ({ uploadId, quarantineKey }, { tenant }) => {
    if (!isOwnKey(tenant.id, quarantineKey)) throw new Error('the photo does not lie where this clinic’s photos lie')
    return { uploadId, quarantineKey, cleanKey: cleanKeyOf(tenant.id, uploadId), bytesMax: limits.uploadBytesMax }
  },
})

export const uploadCleanRecord = defineMap({
  name: 'upload-clean-record',
  version: 1,
  summary: 'The photo is clean: where its copy lies, and the hashes of both.',
  root: UploadCompleted,
  input: UploadClean,
  output: UploadRecord,
  reads: null,
  map: (clean, { root, tenant, manual }) => {
    // No screen offers this (`byHand` of the scanner): whoever wrote it into the ledger did not scan the photo either.
    if (manual) throw new Error('a photo is clean by its scan, never by hand')
    return {
      uploadId: root.uploadId,
      outcome: 'clean' as const,
      cleanKey: cleanKeyOf(tenant.id, root.uploadId),
      clean,
      reason: null,
      finding: null,
    }
  },
})

export const uploadRefusedRecord = defineMap({
  name: 'upload-refused-record',
  version: 1,
  summary: 'The photo may not be served, and why.',
  root: UploadCompleted,
  input: UploadRefused,
  output: UploadRecord,
  reads: null,
  map: (refused, { root }) => ({
    uploadId: root.uploadId,
    outcome: 'rejected' as const,
    cleanKey: null,
    clean: null,
    reason: refused.reason,
    finding: refused.finding,
  }),
})
