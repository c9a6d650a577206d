import type { ShownProblem } from '../shared/error-summary.tsx'
import { CheckField, SelectField, TextField } from '../shared/fields.tsx'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { dayOf, nowMs } from '../shared/time.ts'
import type { Language, TypedContact } from './contact-edit.ts'

const t = deskWords.contact

export function contactProblems(typed: TypedContact, timeZone: string): ShownProblem[] {
  const { givenName, familyName, birthDate, phone, email } = typed
  const today = dayOf(new Date(nowMs()).toISOString(), timeZone)
  const name = (text: string, charsMax: number): boolean => text.trim() !== '' && text.trim().length <= charsMax
  return [
    ...(name(givenName, 35) ? [] : [{ id: 'givenName', message: t.needGivenName }]),
    ...(name(familyName, 60) ? [] : [{ id: 'familyName', message: t.needFamilyName }]),
    ...(birthDate === '' || (birthDate <= today && birthDate > '1890') ? [] : [{ id: 'birthDate', message: t.badBirthDate }]),
    ...(phone.trim() === '' || /\d(?:\D*\d){4,}/.test(phone) ? [] : [{ id: 'phone', message: t.badPhone }]),
    ...(email.trim() === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? [] : [{ id: 'email', message: t.badEmail }]),
  ]
}
/** What the api found wrong with a contact, at the fields of this form. */
export function contactRefusals(fields: readonly { path: string; message: string }[]): ShownProblem[] {
  const words: Readonly<Record<string, string>> = {
    givenName: t.needGivenName,
    familyName: t.needFamilyName,
    birthDate: t.badBirthDate,
    phone: t.badPhone,
    email: t.badEmail,
  }
  return fields.flatMap(({ path }) => {
    const id = path.replace(/^contact\./, '')
    const message = words[id]
    return path.startsWith('contact.') && message ? [{ id, message }] : []
  })
}

export function ContactFields({ typed, optional = false, onChange }: { typed: TypedContact; optional?: boolean; onChange(next: TypedContact): void }) {
  // A former word of the patient stays what it was, also where the clinic has ended that language.
  const offered: readonly Language[] = [...new Set([...useSession().tenant.languages, typed.language])]
  const set =
    <K extends keyof TypedContact>(key: K) =>
    (value: TypedContact[K]): void =>
      onChange({ ...typed, [key]: value })
  const maybe = optional ? staff.optional : undefined
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField id="givenName" label={t.givenName} optional={maybe} value={typed.givenName} onChange={set('givenName')} autoComplete="off" />
        <TextField id="familyName" label={t.familyName} optional={maybe} value={typed.familyName} onChange={set('familyName')} autoComplete="off" />
      </div>
      <TextField
        id="birthDate"
        label={t.birthDate}
        optional={staff.optional}
        type="date"
        className="max-w-44"
        value={typed.birthDate}
        onChange={set('birthDate')}
      />
      <TextField
        id="phone"
        label={t.phone}
        hint={t.phoneHint}
        optional={staff.optional}
        inputMode="tel"
        value={typed.phone}
        onChange={set('phone')}
        autoComplete="off"
      />
      <CheckField id="smsAllowed" label={t.textsAllowed} checked={typed.smsAllowed} onChange={set('smsAllowed')} />
      <TextField id="email" label={t.email} optional={staff.optional} type="email" value={typed.email} onChange={set('email')} autoComplete="off" />
      <SelectField
        id="language"
        label={t.language}
        value={typed.language}
        onChange={(value) => set('language')(value as Language)}
        options={offered.map((value) => ({ value, label: t.languages[value] }))}
      />
    </div>
  )
}
