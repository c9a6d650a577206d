import type { LanguageTag } from '../../kit/index.ts'
import type { Words } from './words.ts'

/** A visit that is not as the patient knows it. `moved` names the time that holds, so it is right after any number of moves, and after "cancelled" too. */
export const visitLetters = {
  moved: {
    en: {
      subject: '{clinic}: your visit is now on {when}',
      lead: '{clinic}: please note that your visit is now on {when}.',
      more: 'If this time does not suit you, call {clinic} at {phone}.',
      button: 'See your visit',
    },
    es: {
      subject: '{clinic}: su visita es ahora el {when}',
      lead: '{clinic}: tenga en cuenta que su visita es ahora el {when}.',
      more: 'Si esta hora no le viene bien, llame a {clinic} al {phone}.',
      button: 'Ver su visita',
    },
    de: {
      subject: '{clinic}: Ihr Termin ist jetzt am {when}',
      lead: '{clinic}: Bitte beachten Sie: Ihr Termin ist jetzt am {when}.',
      more: 'Wenn Ihnen diese Zeit nicht passt, rufen Sie {clinic} an: {phone}.',
      button: 'Termin ansehen',
    },
    fr: {
      subject: '{clinic} : votre rendez-vous est maintenant le {when}',
      lead: '{clinic} : attention, votre rendez-vous est maintenant le {when}.',
      more: 'Si cet horaire ne vous convient pas, appelez {clinic} au {phone}.',
      button: 'Voir votre rendez-vous',
    },
  },
  cancelled: {
    en: {
      subject: '{clinic}: your visit on {when} is cancelled',
      lead: '{clinic}: your visit on {when} is cancelled.',
      more: 'You need not do anything. For another time, call {clinic} at {phone}.',
      button: 'See your visit',
    },
    es: {
      subject: '{clinic}: su visita del {when} está cancelada',
      lead: '{clinic}: su visita del {when} está cancelada.',
      more: 'No tiene que hacer nada. Para otra cita, llame a {clinic} al {phone}.',
      button: 'Ver su visita',
    },
    de: {
      subject: '{clinic}: Ihr Termin am {when} ist abgesagt',
      lead: '{clinic}: Ihr Termin am {when} ist abgesagt.',
      more: 'Sie müssen nichts tun. Für einen anderen Termin rufen Sie {clinic} an: {phone}.',
      button: 'Termin ansehen',
    },
    fr: {
      subject: '{clinic} : votre rendez-vous du {when} est annulé',
      lead: '{clinic} : votre rendez-vous du {when} est annulé.',
      more: 'Vous n’avez rien à faire. Pour un autre rendez-vous, appelez {clinic} au {phone}.',
      button: 'Voir votre rendez-vous',
    },
  },
} as const satisfies Record<string, Record<LanguageTag, Words>>
