import { ApiError } from '../../client.gen.ts'
import { staff } from '../messages/staff.ts'
import { Notice } from '../state-chip.tsx'

export function wordsFor(error: unknown): string {
  if (!(error instanceof ApiError)) return staff.failed.other
  if (error.status === 400 && error.fields.length > 0) return error.fields.map((field) => `${field.path}: ${field.message}`).join('; ')
  if (error.status === 0) return staff.failed.offline
  if (error.status === 429) return staff.failed.busy
  if (error.status === 403) return staff.failed.forbidden
  if (error.status === 404) return staff.failed.missing
  if (error.status === 421) return staff.failed.region
  if (error.code === 'storage-away') return staff.failed.storageAway
  if (error.code === 'storage-read-only') return staff.failed.storageReadOnly
  return staff.failed.other
}

/** A failure, in words, with the number for support and a way to try again where that may help. */
export function ProblemNotice({ error, onAgain, words }: { error: unknown; onAgain?: (() => void) | undefined; words?: string | undefined }) {
  const known = error instanceof ApiError ? error : null
  return (
    <Notice tone="failed" alert>
      <p>{words ?? wordsFor(error)}</p>
      {known?.correlationId ? <p className="text-quiet wrap-anywhere select-all">{staff.correlation(known.correlationId)}</p> : null}
      {onAgain ? (
        <button type="button" className="button mt-2" onClick={onAgain}>
          {staff.tryAgain}
        </button>
      ) : null}
    </Notice>
  )
}
