import { CheckField, SelectField, TextField } from '../shared/fields.tsx'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { type CanaryDraft, type Known, knownKinds, type PayerDraft } from './payer-form.ts'

const sexes = Object.entries(t.sexes).map(([value, label]) => ({ value, label }))

/** Members whose answer is known: at most one of each kind. */
export function CanaryFields({ draft, onChange }: { draft: PayerDraft; onChange(part: Partial<PayerDraft>): void }) {
  return (
    <div className="space-y-4">
      <p className="text-quiet">{t.canariesHint}</p>
      {knownKinds.map((known) => (
        <OneCanary
          key={known}
          known={known}
          canary={draft.canaries[known]}
          onChange={(canary) => onChange({ canaries: { ...draft.canaries, [known]: canary } })}
        />
      ))}
      <TextField
        id="settings.canaryEveryMinutes"
        label={t.every}
        inputMode="numeric"
        className="max-w-24"
        value={draft.everyMinutes}
        onChange={(everyMinutes) => onChange({ everyMinutes })}
      />
    </div>
  )
}

function OneCanary({ known, canary, onChange }: { known: Known; canary: CanaryDraft; onChange(canary: CanaryDraft): void }) {
  const set = (part: Partial<CanaryDraft>): void => onChange({ ...canary, ...part })
  const id = (field: string): string => `canary.${known}.${field}`
  return (
    <div className="space-y-2">
      <CheckField id={id('used')} label={t.useCanary[known]} checked={canary.used} onChange={(used) => set({ used })} />
      {canary.used ? (
        <fieldset className="grid gap-3 border-s-2 border-line ps-3 sm:grid-cols-2">
          <legend className="sr-only">{t.canary[known]}</legend>
          <TextField id={id('memberId')} label={t.memberId} autoComplete="off" value={canary.memberId} onChange={(memberId) => set({ memberId })} />
          <TextField id={id('birthDate')} label={t.birthDate} type="date" value={canary.birthDate} onChange={(birthDate) => set({ birthDate })} />
          <TextField id={id('givenName')} label={t.givenName} autoComplete="off" value={canary.givenName} onChange={(givenName) => set({ givenName })} />
          <TextField id={id('familyName')} label={t.familyName} autoComplete="off" value={canary.familyName} onChange={(familyName) => set({ familyName })} />
          <SelectField
            id={id('payerSex')}
            label={t.payerSex}
            options={sexes}
            value={canary.payerSex}
            onChange={(sex) => set({ payerSex: sex as CanaryDraft['payerSex'] })}
          />
        </fieldset>
      ) : null}
    </div>
  )
}
