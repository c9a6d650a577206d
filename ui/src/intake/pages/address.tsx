import { addressFieldsOf, countryCodes, locales, postalCodeFacts } from '@heliox/core/messages'
import { type ReactNode, useMemo } from 'react'
import { SelectField, TextField } from '../../shared/fields.tsx'
import { useText } from '../../shared/messages/index.ts'
import { countryOf } from '../address.ts'
import { useForm } from '../context.ts'
import { countryName } from '../country-name.ts'
import { usStates } from '../states.ts'
import { StepPage } from '../step-page.tsx'
import { useTextInput } from '../use-text-input.ts'

/** The country comes first: the rest follows from it, in the order of an envelope there. */
export function AddressPage() {
  const text = useText()
  const form = useForm()
  const input = useTextInput()
  const t = text.address
  const country = countryOf(form)
  const { digitsOnly, required } = postalCodeFacts(country)
  const fields: Record<ReturnType<typeof addressFieldsOf>[number], () => ReactNode> = {
    city: () => <TextField key="city" {...input('city')} label={t.city} autoComplete="address-level2" />,
    state: () => <SelectField key="state" {...input('state')} label={t.state} empty={t.statePick} options={usStates} autoComplete="address-level1" />,
    region: () => <TextField key="region" {...input('state')} label={t.region} optional={text.optional} autoComplete="address-level1" />,
    postalCode: () => (
      <TextField
        key="postalCode"
        {...input('postalCode')}
        label={country === 'US' ? t.zip : t.postalCode}
        optional={required ? undefined : text.optional}
        className="max-w-40"
        inputMode={digitsOnly ? 'numeric' : 'text'}
        autoComplete="postal-code"
      />
    ),
  }
  return (
    <StepPage step="address" title={t.title}>
      <SelectField
        id="country"
        value={country}
        // A state of one country is none of another.
        onChange={(value) => form.patch({ fields: { country: value, state: '' } })}
        label={t.country}
        {...(country === '' ? { empty: t.countryPick } : {})}
        options={useCountries()}
        autoComplete="country"
      />
      <TextField {...input('line1')} label={t.line1} autoComplete="address-line1" />
      <TextField {...input('line2')} label={t.line2} optional={text.optional} autoComplete="address-line2" />
      {addressFieldsOf(country).map((name) => fields[name]())}
    </StepPage>
  )
}

/** The clinic's own, then all by their names. */
function useCountries(): { value: string; label: string }[] {
  const { language, intake } = useForm()
  return useMemo(() => {
    const { compare } = new Intl.Collator(locales[language])
    const all = countryCodes.map((value) => ({ value, label: countryName(value, language) })).sort((a, b) => compare(a.label, b.label))
    const own = (option: { value: string }): boolean => option.value === intake.clinic.country
    return [...all.filter(own), ...all.filter((option) => !own(option))]
  }, [language, intake.clinic.country])
}
