import { RadioField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { CardNameFields } from '../card-name-fields.tsx'
import { useForm } from '../context.ts'
import { CoverFields } from '../cover-fields.tsx'
import { nameOf } from '../covers.ts'
import { StepPage } from '../step-page.tsx'

/** Another insurance, and which of both pays first: the hub asks that one. */
export function SecondPage() {
  const text = useText()
  const { draft, patch, intake } = useForm()
  const t = text.second
  const { fields } = draft
  const first = nameOf(intake.payers, fields) || text.insurance.title
  const second = nameOf(intake.payers, { payerId: fields.secondPayerId, payerText: fields.secondPayerText }) || t.this
  return (
    <StepPage step="second" title={t.title}>
      <RadioField
        id="hasSecond"
        label={t.question}
        value={fields.hasSecond}
        onChange={(hasSecond) => patch({ fields: { hasSecond } })}
        options={[
          { value: 'no', label: t.no },
          { value: 'yes', label: t.yes },
        ]}
      />
      {fields.hasSecond === 'yes' ? (
        <div className="space-y-6 border-s-4 border-line ps-4">
          <CoverFields names={{ payerId: 'secondPayerId', payerText: 'secondPayerText', memberId: 'secondMemberId', groupNumber: 'secondGroupNumber' }} />
          <CardNameFields flag="secondOtherName" label={t.otherName} names={{ givenName: 'secondCardGivenName', familyName: 'secondCardFamilyName' }} />
          <RadioField
            id="paysFirst"
            label={t.order}
            hint={t.orderHint}
            value={fields.paysFirst || 'first'}
            onChange={(paysFirst) => patch({ fields: { paysFirst } })}
            options={[
              { value: 'first', label: first },
              { value: 'second', label: second },
            ]}
          />
        </div>
      ) : null}
    </StepPage>
  )
}
