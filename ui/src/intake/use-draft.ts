import type { LanguageTag } from '@heliox/core/kit'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, forgetProof, type IntakeView, openIntake, removeDraft, saveDraft as saveAtClinic } from '../client.gen.ts'
import { nowMs } from '../shared/time.ts'
import { type Autosave, makeAutosave, type Saving } from './autosave.ts'
import { clearDraft, type Draft, type DraftPatch, emptyDraft, loadDraft, patched, saveDraft, tabStorage } from './draft.ts'
import { dataOf, draftFrom, hasContent, sameData, saveOf, startWith, type Theirs } from './server-draft.ts'

const readTheirs = async (): Promise<Theirs> => {
  const { draftVersion, draft } = await openIntake()
  return { version: draftVersion, draft }
}

/** The draft of this page: in memory, in the tab, and, a moment later, at the clinic. */
export function useDraft(intake: IntakeView, today: string, language: LanguageTag, onEnded: () => void) {
  const [begun] = useState(() => startWith(loadDraft(tabStorage(), intake.intakeId, nowMs()), { version: intake.draftVersion, draft: intake.draft }))
  const [draft, setDraft] = useState<Draft>(begun.draft)
  const [conflict, setConflict] = useState<Theirs | null>(begun.conflict)
  const [saving, setSaving] = useState<Saving>({ is: 'idle' })
  const ended = useRef(onEnded)
  ended.current = onEnded
  const [autosave] = useState<Autosave>(() =>
    makeAutosave(
      {
        save: (version, body) => saveAtClinic({ headers: { 'if-match': `"${version}"` }, body }),
        read: readTheirs,
        onState: setSaving,
        onKept: (base, data) => setDraft((now) => ({ ...now, base, changedAtMs: sameData(dataOf(now), data) ? null : now.changedAtMs })),
        onConflict: setConflict,
        onEnded: () => ended.current(),
      },
      begun.draft.base,
    ),
  )
  const patch = useCallback((change: DraftPatch) => setDraft((now) => ({ ...patched(now, change), changedAtMs: nowMs() })), [])

  useEffect(() => {
    saveDraft(tabStorage(), draft, nowMs())
    if (draft.changedAtMs !== null && hasContent(draft)) autosave.changed(saveOf(draft, today, language))
  }, [draft, today, language, autosave])
  useEffect(() => {
    if (conflict) autosave.pause()
  }, [conflict, autosave])
  useEffect(() => {
    const now = (): void => void autosave.flush()
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') now()
    }
    window.addEventListener('online', now)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      window.removeEventListener('online', now)
      document.removeEventListener('visibilitychange', hidden)
      autosave.pause()
    }
  }, [autosave])

  /** The patient chose: the answers of the other device, or these over them. */
  const settle = useCallback(
    (take: boolean) => {
      if (!conflict) return
      autosave.from(conflict.version)
      setDraft((now) => (take ? draftFrom(conflict, now) : { ...now, base: conflict.version, changedAtMs: nowMs() }))
      setConflict(null)
      autosave.resume()
    },
    [conflict, autosave],
  )
  /** Everywhere, and this device is not known any more; where the clinic cannot be reached, at least here. */
  const clear = useCallback(async () => {
    autosave.pause()
    // A save that travels must not arrive after the clearing.
    await autosave.flush()
    clearDraft(tabStorage())
    setDraft(emptyDraft(intake.intakeId))
    setSaving({ is: 'idle' })
    try {
      await removeDraft()
      await forgetProof()
      const { version } = await readTheirs()
      autosave.from(version)
      setDraft((now) => ({ ...now, base: version }))
    } catch (error) {
      // Where the clinic knows more of the patient than was typed here, it asks who goes on.
      if (error instanceof ApiError && error.code === 'proof-needed') return ended.current()
      setSaving({ is: 'offline' })
    }
    autosave.resume()
  }, [autosave, intake.intakeId])
  return { draft, patch, conflict, settle, saving, autosave, clear }
}
