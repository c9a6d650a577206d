import type { LanguageTag } from '@heliox/core/kit'
import { useText } from '../shared/messages/index.ts'
import type { Saving } from './autosave.ts'
import { timeText } from './dates.ts'

/** Whether what was typed is at the clinic. Only what a patient should know at once is spoken: "Saved" after each word would be noise. */
export function SavingLine({ saving, timeZone, language }: { saving: Saving; timeZone: string; language: LanguageTag }) {
  const t = useText().saving
  const spoken = saving.is === 'offline' || saving.is === 'refused' || saving.is === 'not-cleared' ? t[saving.is] : ''
  const quiet = saving.is === 'saving' ? t.saving : saving.is === 'saved' ? t.saved(timeText(saving.savedAt, timeZone, language)) : ''
  return (
    <div data-saving={saving.is} className="mt-6 min-h-[1.5em] text-quiet">
      <p aria-live="polite">{spoken}</p>
      {quiet ? <p>{quiet}</p> : null}
    </div>
  )
}
