import type { uploadKinds, uploadStatuses } from '../media/model.ts'

export interface UploadWish {
  id: string
  kind: (typeof uploadKinds)[number]
  contentType: string
  quarantineKey: string
  /** Of the whole file, as the browser says before it sends the first byte. */
  bytes: number
  sha256: string
  partBytes: number
}
/** The last three are null in uploads of before there were parts. */
export interface UploadFacts {
  id: string
  kind: (typeof uploadKinds)[number]
  status: (typeof uploadStatuses)[number]
  quarantineKey: string
  contentType: string
  bytes: number | null
  sha256: string | null
  partBytes: number | null
}
interface CleanObject {
  key: string
  sha256: string
}
/** What lies with one form. */
export interface UploadOfIntake {
  id: string
  kind: string
  status: string
  cleanKey: string | null
  contentType: string | null
  reason: string | null
  /** The form names it, and was sent. */
  sent: boolean
}
export interface CleanUpload {
  intakeId: string
  kind: (typeof uploadKinds)[number]
  photo: CleanObject
  thumb: CleanObject
}

/** A file of an upload that has ended, or the parts of one that never will. */
export interface QuarantineLeft {
  uploadId: string
  quarantineKey: string
  parts: number | null
}
export interface QuarantineStore {
  /** Clinics of this cell that have something to take away or to give up. */
  tenants(now: Date): Promise<string[]>
  /** Gives up what nobody could scan for `limits.quarantineDaysMax`: refused, with its event. How many. */
  expire(tenantId: string, now: Date): Promise<number>
  /** What may be taken out of the bucket, because no URL can put anything there any more. */
  left(tenantId: string, now: Date): Promise<QuarantineLeft[]>
  /** The bucket no longer has it. */
  removed(tenantId: string, uploadIds: readonly string[], now: Date): Promise<void>
  /** Photos that left with their draft, whose quarantine was emptied so long ago that no scan can write a clean copy any more. */
  cleanLeft(tenantId: string, now: Date): Promise<string[]>
  cleanRemoved(tenantId: string, uploadIds: readonly string[], now: Date): Promise<void>
}
