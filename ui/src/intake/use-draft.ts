import type { LanguageTag } from '@heliox/core/kit'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, forgetProof, type IntakeView, openIntake, removeDraft, saveDraft as saveAtClinic } from '../client.gen.ts'
import { nowMs } from '../shared/time.ts'
import { type Autosave, makeAutosave, type Saving } from './autosave.ts'
import { clearDraft, type Draft, type DraftPatch, emptyDraft, loadDraft, patched, saveDraft, tabStorage, unsigned } from './draft.ts'
import { dataOf, draftFrom, hasContent, isClearing, sameData, saveOf, startWith, type Theirs } from './server-draft.ts'
import { needsGuardian } from './steps.ts'

const readTheirs = async (): Promise<Theirs> => {
  const { draftVersion, draft } = await openIntake()
  return { version: draftVersion, draft }
}

/** The draft of this page: in memory, in the tab, and, a moment later, at the clinic. */
export function useDraft(intake: IntakeView, today: string, language: LanguageTag, onEnded: () => void) {
  // Another birth date may mean that somebody else signs: nobody's hand stands for another's.
  const signedAsBefore = useCallback(
    (before: Draft, next: Draft): Draft =>
      needsGuardian({ draft: before, intake, today }) === needsGuardian({ draft: next, intake, today }) ? next : patched(next, unsigned),
    [intake, today],
  )
  const [begun] = useState(() => {
    const local = loadDraft(tabStorage(), intake.intakeId, nowMs())
    const start = startWith(local, { version: intake.draftVersion, draft: intake.draft })
    return { ...start, draft: signedAsBefore(local, start.draft) }
  })
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
  const patch = useCallback(
    (change: DraftPatch) => setDraft((now) => ({ ...signedAsBefore(now, patched(now, change)), changedAtMs: nowMs() })),
    [signedAsBefore],
  )

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
      setDraft((now) => (take ? signedAsBefore(now, draftFrom(conflict, now)) : { ...now, base: conflict.version, changedAtMs: nowMs() }))
      setConflict(null)
      autosave.resume()
    },
    [conflict, autosave, signedAsBefore],
  )
  /** At the clinic, and this device is not known any more. */
  const clearThere = useCallback(async () => {
    try {
      await removeDraft()
      await forgetProof()
      setDraft((now) => ({ ...now, clearing: false }))
      setSaving({ is: 'idle' })
      const { version } = await readTheirs()
      autosave.from(version)
      setDraft((now) => ({ ...now, base: version }))
    } catch (error) {
      // Where the clinic knows more of the patient than was typed here, it asks who goes on.
      if (error instanceof ApiError && error.code === 'proof-needed') return ended.current()
      setSaving({ is: 'not-cleared' })
    }
  }, [autosave])
  /** Here at once; at the clinic now, or as soon as it can be reached. */
  const clear = useCallback(async () => {
    autosave.pause()
    // A save that travels must not arrive after the clearing.
    await autosave.flush()
    clearDraft(tabStorage())
    setDraft({ ...emptyDraft(intake.intakeId), clearing: true })
    setSaving({ is: 'idle' })
    await clearThere()
    autosave.resume()
  }, [autosave, clearThere, intake.intakeId])
  const waits = isClearing(draft)
  useEffect(() => {
    if (!waits) return
    const again = (): void => void clearThere()
    window.addEventListener('online', again)
    return () => window.removeEventListener('online', again)
  }, [waits, clearThere])
  useEffect(() => {
    // It was asked for before the page was loaded again.
    if (isClearing(begun.draft)) void clearThere()
  }, [begun, clearThere])
  return { draft, patch, conflict, settle, saving, autosave, clear }
}
