import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ConsentKindDetail, endConsentTexts } from '../client.gen.ts'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { wordsAreKept } from '../shared/staff/unsaved.ts'
import { DialogEnd } from './publish-end.tsx'
import { consentsKey } from './use-consents.ts'

/** From now on nobody is asked it. What was signed stays as it is, and its patients can take it back. */
export function EndConsent({ detail, onAgain }: { detail: ConsentKindDetail; onAgain(): void }) {
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const end = useMutation({
    mutationFn: () => endConsentTexts({ params: { consentKind: detail.kind }, headers: { 'if-match': `"${detail.newest}"` } }),
    onSuccess: async () => {
      setOpen(false)
      wordsAreKept()
      await client.invalidateQueries({ queryKey: consentsKey })
    },
    gcTime: 0,
  })
  const close = (): void => {
    end.reset()
    setOpen(false)
  }
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {t.stop}
      </button>
      <StaffDialog open={open} title={t.endTitle(t.kinds[detail.kind])} lead={t.endText} onClose={close}>
        <DialogEnd
          error={end.error}
          isPending={end.isPending}
          words={{ go: t.endNow, going: t.ending, cancel: t.cancel, changedMeanwhile: t.changedMeanwhile, loadAgain: t.loadAgain }}
          told={{ 'consent-needed': t.endNeeded }}
          onGo={() => end.mutate()}
          onCancel={close}
          onAgain={() => {
            close()
            onAgain()
          }}
        />
      </StaffDialog>
    </>
  )
}
