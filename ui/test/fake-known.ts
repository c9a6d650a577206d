import type { IntakeForm, IntakeView } from '../src/client.gen.ts'

/** What was sent with the form before this one. */
export const previous: NonNullable<IntakeView['previous']> = {
  givenAt: '2026-01-05T10:00:00.000Z',
  answers: {
    ...{ givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-27', payerSex: 'F', gender: 'female', phone: '512 555 0137', email: 'ana@example.com' },
    address: { line1: '12 Lake Street', line2: null, city: 'Austin', country: 'US', state: 'TX', postalCode: '78701' },
    ...{ payerId: 'HELIO1', memberId: 'HH204417', groupNumber: null, payerText: null, nameOnCard: null, secondary: null, guardian: null },
    ...{ noCard: false, forms: {}, formVersions: {} },
  },
}
/** One of a clinic's own, with a question of every kind. */
export const form = {
  id: 'habits',
  version: 1,
  schema: {
    type: 'object',
    properties: {
      smokes: { type: 'string', enum: ['never', 'before', 'now'] },
      drinks: { type: 'boolean' },
      sports: { type: 'array', items: { type: 'string', enum: ['walking', 'swimming'] }, uniqueItems: true, maxItems: 2 },
      hours: { type: 'integer', minimum: 0, maximum: 24 },
      since: { type: 'string', format: 'date' },
      note: { type: 'string', maxLength: 400 },
    },
    required: ['smokes', 'drinks', 'since'],
    additionalProperties: false,
  },
  words: {
    en: {
      title: 'How you live',
      fields: {
        smokes: { label: 'Do you smoke?', options: { never: 'Never', before: 'I used to', now: 'Yes' } },
        drinks: { label: 'Do you drink alcohol?' },
        sports: { label: 'Which sports?', options: { walking: 'Walking', swimming: 'Swimming' } },
        hours: { label: 'Hours of sleep a night' },
        since: { label: 'Last check-up', hint: 'About is enough.' },
        note: { label: 'Anything else?' },
      },
    },
  },
} as unknown as IntakeForm
