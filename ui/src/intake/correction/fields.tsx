import type { CorrectionView } from '../../client.gen.ts'
import { RadioField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { BirthDateFields } from '../birth-date-fields.tsx'
import { PayerField } from '../payer-field.tsx'
import { lacksSecond, type Typed } from './typed.ts'

type FieldName = CorrectionView['fields'][number]

/** The controls for exactly what is asked, each saying how what is there begins or ends, and never what it is. */
export function CorrectionControls({ view, typed, change }: { view: CorrectionView; typed: Typed; change(patch: Partial<Typed>): void }) {
  const text = useText()
  const t = text.correction
  const { hints } = view
  const lacking = lacksSecond(view)
  const input = (name: keyof Typed) => ({ id: name, value: typed[name], onChange: (value: string) => change({ [name]: value }) })
  const begins = (hint: string | undefined): string => (hint ? t.beginsWith(hint) : t.hidden)
  const controls: Record<FieldName, () => React.ReactNode> = {
    memberId: () => (
      <TextField
        {...input('memberId')}
        label={text.insurance.memberId}
        hint={`${text.insurance.memberIdHint} ${hints.memberId ? t.endsWith(hints.memberId) : t.hidden}`}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
    ),
    givenName: () => (
      <TextField
        {...input('givenName')}
        label={text.about.givenName}
        hint={`${text.about.givenNameHint} ${begins(hints.givenName)}`}
        autoComplete="given-name"
        spellCheck={false}
      />
    ),
    familyName: () => (
      <TextField {...input('familyName')} label={text.about.familyName} hint={begins(hints.familyName)} autoComplete="family-name" spellCheck={false} />
    ),
    birthDate: () => (
      <BirthDateFields label={text.about.birthDate} hint={`${text.about.birthDateHint}. ${t.hidden}`} values={typed} onChange={change} complete />
    ),
    payerSex: () => (
      <RadioField
        id="payerSex"
        label={text.about.sex}
        hint={text.about.sexHint}
        value={typed.payerSex}
        onChange={(payerSex) => change({ payerSex })}
        options={[
          { value: '', label: t.keepSex },
          { value: 'F', label: text.about.sexF },
          { value: 'M', label: text.about.sexM },
          { value: 'U', label: text.about.sexU },
        ]}
      />
    ),
    payerId: () => (
      <PayerField
        id="payerId"
        textId="payerText"
        label={text.insurance.payer}
        payers={view.payers}
        value={typed.payerId}
        named={typed.payerText}
        onChange={change}
      />
    ),
    secondPayerId: () => (
      <PayerField
        id="secondPayerId"
        textId="secondPayerText"
        label={t.ofSecond(text.insurance.payer)}
        payers={view.payers}
        value={typed.secondPayerId}
        named={typed.secondPayerText}
        onChange={({ payerId, payerText }) => change({ secondPayerId: payerId, secondPayerText: payerText })}
      />
    ),
    secondMemberId: () => (
      <TextField
        {...input('secondMemberId')}
        label={t.ofSecond(text.insurance.memberId)}
        hint={`${text.insurance.memberIdHint} ${hints.secondMemberId ? t.endsWith(hints.secondMemberId) : lacking ? '' : t.hidden}`.trim()}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
    ),
  }
  return (
    <>
      {view.fields.map((field) => (
        <div key={field}>{controls[field]()}</div>
      ))}
      {lacking ? <p className="text-quiet">{t.noSecond}</p> : null}
    </>
  )
}
