import type { FormDefinition } from '@heliox/core/catalog'

/** What the demo clinics ask beside the intake: nothing that must be answered. */
export const demoForms: readonly (FormDefinition & { id: string })[] = [
  {
    id: 'before-your-visit',
    order: ['helpWith', 'reason', 'heardOfUs'],
    schema: {
      type: 'object',
      properties: {
        helpWith: { type: 'array', items: { type: 'string', enum: ['interpreter', 'wheelchair', 'hearing'] }, uniqueItems: true, maxItems: 3 },
        reason: { type: 'string', maxLength: 300 },
        heardOfUs: { type: 'string', enum: ['doctor', 'friend', 'search', 'other'] },
      },
      required: [],
      additionalProperties: false,
    },
    words: {
      en: {
        title: 'Before your visit',
        fields: {
          helpWith: { label: 'What can we help you with?', options: { interpreter: 'An interpreter', wheelchair: 'A wheelchair', hearing: 'Hearing' } },
          reason: { label: 'Why are you coming?', hint: 'In a few words. You can leave it empty.' },
          heardOfUs: {
            label: 'How did you hear of us?',
            options: { doctor: 'From a doctor', friend: 'From a friend', search: 'By searching', other: 'Otherwise' },
          },
        },
      },
      es: {
        title: 'Antes de su visita',
        fields: {
          helpWith: {
            label: '¿En qué podemos ayudarle?',
            options: { interpreter: 'Un intérprete', wheelchair: 'Una silla de ruedas', hearing: 'La audición' },
          },
          reason: { label: '¿Por qué viene?', hint: 'En pocas palabras. Puede dejarlo vacío.' },
          heardOfUs: {
            label: '¿Cómo supo de nosotros?',
            options: { doctor: 'Por un médico', friend: 'Por un amigo', search: 'Buscando', other: 'De otra manera' },
          },
        },
      },
      de: {
        title: 'Vor Ihrem Termin',
        fields: {
          helpWith: { label: 'Wobei können wir helfen?', options: { interpreter: 'Dolmetschen', wheelchair: 'Rollstuhl', hearing: 'Hören' } },
          reason: { label: 'Warum kommen Sie?', hint: 'In wenigen Worten. Sie können es leer lassen.' },
          heardOfUs: {
            label: 'Wie haben Sie von uns erfahren?',
            options: { doctor: 'Durch eine Praxis', friend: 'Durch Bekannte', search: 'Durch Suchen', other: 'Anders' },
          },
        },
      },
      fr: {
        title: 'Avant votre visite',
        fields: {
          helpWith: {
            label: 'En quoi pouvons-nous vous aider ?',
            options: { interpreter: 'Un interprète', wheelchair: 'Un fauteuil roulant', hearing: 'L’audition' },
          },
          reason: { label: 'Pourquoi venez-vous ?', hint: 'En quelques mots. Vous pouvez laisser vide.' },
          heardOfUs: {
            label: 'Comment nous avez-vous connus ?',
            options: { doctor: 'Par un médecin', friend: 'Par un proche', search: 'En cherchant', other: 'Autrement' },
          },
        },
      },
    },
  },
]
