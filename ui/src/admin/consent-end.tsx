import { useQueryClient } from '@tanstack/react-query'
import { type ConsentKindDetail, endConsentTexts } from '../client.gen.ts'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { wordsAreKept } from '../shared/staff/unsaved.ts'
import { EndButton } from './end-button.tsx'
import { consentsKey } from './use-consents.ts'

/** From now on nobody is asked it. What was signed stays as it is, and its patients can take it back. */
export function EndConsent({ detail, onAgain }: { detail: ConsentKindDetail; onAgain(): void }) {
  const client = useQueryClient()
  return (
    <EndButton
      label={t.stop}
      title={t.endTitle(t.kinds[detail.kind])}
      lead={t.endText}
      words={{ go: t.endNow, going: t.ending, cancel: t.cancel, changedMeanwhile: t.changedMeanwhile, loadAgain: t.loadAgain }}
      told={{ 'consent-needed': t.endNeeded }}
      end={() => endConsentTexts({ params: { consentKind: detail.kind }, headers: { 'if-match': `"${detail.newest}"` } })}
      onEnded={async () => {
        wordsAreKept()
        await client.invalidateQueries({ queryKey: consentsKey })
      }}
      onAgain={onAgain}
    />
  )
}
