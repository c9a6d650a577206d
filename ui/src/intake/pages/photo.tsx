import { Camera, CircleCheck, ImageUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { CheckField, ProblemText } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { Notice } from '../../shared/state-chip.tsx'
import { useForm } from '../context.ts'
import { StepPage } from '../step-page.tsx'
import { sendPhoto, UploadError, type UploadKind, type UploadTrouble } from '../upload.ts'

/** Not for the camera: a phone that takes such photos hands out a JPEG where it is asked for one. */
const heicFiles = ['image/heic', '.heic', '.heif']

type Sending = { is: 'idle' } | { is: 'sending'; percent: number } | { is: 'failed'; trouble: UploadTrouble; file: File }

/** One side of the insurance card. The photo travels at once, while the patient looks at it. */
export function PhotoPage({ kind }: { kind: UploadKind }) {
  const { draft, patch, intake } = useForm()
  const text = useText()
  const t = text.photo
  const [sending, setSending] = useState<Sending>({ is: 'idle' })
  const [preview, setPreview] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)
  // Patching after the wait must start from the photos as they are then.
  const latest = useRef(draft)
  latest.current = draft
  const sent = draft.photos[kind]

  useEffect(() => () => running.current?.abort(), [])
  useEffect(
    () => () => {
      if (preview) URL.revokeObjectURL(preview)
    },
    [preview],
  )

  const send = async (file: File): Promise<void> => {
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    setPreview(URL.createObjectURL(file))
    setSending({ is: 'sending', percent: 0 })
    try {
      const upload = await sendPhoto(
        file,
        kind,
        intake.limits,
        (share) => control.signal.aborted || setSending({ is: 'sending', percent: Math.round(share * 100) }),
        control.signal,
      )
      if (control.signal.aborted) return
      patch({ photos: { ...latest.current.photos, [kind]: upload }, noPhotos: false })
      setSending({ is: 'idle' })
    } catch (error) {
      if (control.signal.aborted) return
      setSending({ is: 'failed', trouble: error instanceof UploadError ? error.trouble : 'failed', file })
    }
  }

  const front = kind === 'card-front'
  const picked = (list: FileList | null): void => {
    const file = list?.[0]
    if (file) void send(file)
  }
  return (
    <StepPage
      step={kind}
      title={front ? t.frontTitle : t.backTitle}
      lead={t.lead}
      before={async () =>
        sending.is === 'sending' && !draft.noPhotos ? { id: 'photo-file', say: ({ wrong }) => (front ? wrong.photoWait : wrong.photoBackWait) } : 'check'
      }
    >
      {draft.noPhotos ? null : (
        <div className="space-y-4">
          <ProblemText id="photo-file" />
          {/* What this browser cannot draw is not shown as a broken picture: it may still be sent. */}
          {preview ? (
            <img src={preview} alt={front ? t.alt.front : t.alt.back} className="panel max-h-64 w-full object-contain" onError={() => setPreview(null)} />
          ) : sent ? (
            <p>{t.onlySent}</p>
          ) : null}
          <div aria-live="polite">
            {sending.is === 'sending' ? (
              <div className="space-y-1">
                <progress id="photo-progress" className="w-full" max={100} value={sending.percent} aria-label={t.sending(sending.percent)} />
                <p>{sending.percent === 0 ? t.preparing : t.sending(sending.percent)}</p>
              </div>
            ) : null}
            {sending.is === 'idle' && sent ? (
              <p className="inline-flex items-center gap-2 text-confirmed">
                <CircleCheck aria-hidden="true" className="size-[1.2em]" />
                {t.sent}
              </p>
            ) : null}
          </div>
          {sending.is === 'failed' ? (
            <Notice tone="failed" alert>
              <p>{t[sending.trouble]}</p>
              {sending.trouble === 'failed' || sending.trouble === 'refused' ? (
                <button type="button" className="button mt-2" onClick={() => void send(sending.file)}>
                  {t.retry}
                </button>
              ) : null}
            </Notice>
          ) : null}
          <div className="flex flex-col gap-3 sm:flex-row">
            <PickButton
              id="photo-camera"
              className="hidden pointer-coarse:block"
              label={sent ? t.takeAgain : t.take}
              accept={intake.limits.uploadTypes}
              camera
              onPick={picked}
            />
            <PickButton id="photo-file" label={sent ? t.chooseOther : t.choose} accept={[...intake.limits.uploadTypes, ...heicFiles]} onPick={picked} />
          </div>
          <p className="text-quiet">{t.fileHint}</p>
        </div>
      )}
      {front ? (
        <CheckField
          id="no-photos"
          label={t.noCard}
          checked={draft.noPhotos}
          note={draft.noPhotos ? t.noCardNote : undefined}
          onChange={(noPhotos) => patch({ noPhotos })}
        />
      ) : null}
      <details>
        <summary>{t.why}</summary>
        <p className="mt-2">{t.whyText}</p>
      </details>
    </StepPage>
  )
}

/** A file input that looks like a button; `capture` must stay on the input, and the gallery stays a choice of its own. */
function PickButton({
  id,
  label,
  accept,
  camera = false,
  className = '',
  onPick,
}: {
  id: string
  label: string
  accept: readonly string[]
  camera?: boolean
  className?: string
  onPick(list: FileList | null): void
}) {
  const Icon = camera ? Camera : ImageUp
  return (
    <div className={className}>
      <input
        id={id}
        type="file"
        accept={accept.join(',')}
        capture={camera ? 'environment' : undefined}
        className="peer sr-only"
        onChange={(event) => {
          onPick(event.target.files)
          // The same file may be chosen again after a failure.
          event.target.value = ''
        }}
      />
      <label htmlFor={id} className="button w-full peer-focus-visible:outline-3 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-(--focus)">
        <Icon aria-hidden="true" className="size-[1.2em]" />
        {label}
      </label>
    </div>
  )
}
