import { type FormEvent, useState } from 'react'
import type { ConsentsOfVisit, WithdrawalToRecord } from '../client.gen.ts'
import { ProblemContext, SelectField } from '../shared/fields.tsx'
import { factsWords } from '../shared/messages/visit-facts-words.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { DialogButtons } from './dialog-buttons.tsx'

const t = factsWords.consents.withdrawal
type Kind = ConsentsOfVisit['items'][number]['kind']
type Way = WithdrawalToRecord['cameBy']
const ways: readonly Way[] = ['phone', 'counter', 'letter']

/** What the patient said at the clinic, for them: never by one slip of the hand, since only they can agree anew. `kinds`: what stands. */
export function WithdrawalDialog({
  kinds,
  busy,
  error,
  onRecord,
  onClose,
}: {
  kinds: readonly Kind[]
  busy: boolean
  error: Error | null
  onRecord(kind: Kind, cameBy: Way): void
  onClose(): void
}) {
  const [chosen, setChosen] = useState({ kind: '', way: '' })
  const [isTried, setIsTried] = useState(false)
  const kind = kinds.find((one) => one === chosen.kind)
  const way = ways.find((one) => one === chosen.way)
  const problems = new Map([...(kind ? [] : [['withdrawal-kind', t.needKind] as const]), ...(way ? [] : [['withdrawal-way', t.needWay] as const])])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsTried(true)
    if (kind && way && !busy) onRecord(kind, way)
  }
  return (
    <StaffDialog open title={t.title} lead={t.lead} onClose={onClose}>
      <ProblemContext value={isTried ? problems : new Map()}>
        <form noValidate onSubmit={submit} className="space-y-4">
          {error ? <ProblemNotice error={error} words={t.failed} /> : null}
          <SelectField
            id="withdrawal-kind"
            label={t.kind}
            value={chosen.kind}
            onChange={(to) => setChosen({ ...chosen, kind: to })}
            empty={t.needKind}
            options={kinds.map((value) => ({ value, label: factsWords.consents.kinds[value] }))}
          />
          <SelectField
            id="withdrawal-way"
            label={t.way}
            value={chosen.way}
            onChange={(to) => setChosen({ ...chosen, way: to })}
            empty={t.needWay}
            options={ways.map((value) => ({ value, label: t.ways[value] }))}
          />
          <p role="status">{kind ? t.follows[kind] : null}</p>
          <DialogButtons busy={busy} words={{ now: t.record, busy: t.busy, keep: t.keep }} onClose={onClose} />
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
