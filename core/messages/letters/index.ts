import type { LetterFacts as Sent } from '../../kit/define-map.ts'
import { type LanguageTag, locales } from '../../kit/index.ts'
import type { MessageKind } from '../../messaging/messages.ts'
import { endedOnce } from '../ended-once.ts'
import { visitLetters } from './visit-letters.ts'
import type { Words } from './words.ts'

/**
 * The words of texts and mails. They go to a number or a mailbox that others may read: a clinic's neutral name, a time and a link, and
 * nothing of why somebody comes, to whom, or what an insurer said.
 */
const asked = {
  invitation: {
    en: {
      subject: '{clinic}: before your visit on {when}',
      lead: '{clinic}: please fill in your form before your visit on {when}.',
      more: 'It takes about six minutes. You can stop and go on later, on any device. The link is for you alone.',
      button: 'Open the form',
    },
    es: {
      subject: '{clinic}: antes de su visita del {when}',
      lead: '{clinic}: llene su formulario antes de su visita del {when}.',
      more: 'Se tarda unos seis minutos. Puede parar y seguir más tarde, en cualquier dispositivo. El enlace es solo para usted.',
      button: 'Abrir el formulario',
    },
    de: {
      subject: '{clinic}: vor Ihrem Termin am {when}',
      lead: '{clinic}: Bitte füllen Sie Ihr Formular vor Ihrem Termin am {when} aus.',
      more: 'Es dauert etwa sechs Minuten. Sie können jederzeit unterbrechen und später weitermachen, auf jedem Gerät. Der Link ist nur für Sie.',
      button: 'Formular öffnen',
    },
    fr: {
      subject: '{clinic} : avant votre rendez-vous du {when}',
      lead: '{clinic} : merci de remplir votre formulaire avant votre rendez-vous du {when}.',
      more: 'Cela prend environ six minutes. Vous pouvez vous arrêter et reprendre plus tard, sur n’importe quel appareil. Le lien est personnel.',
      button: 'Ouvrir le formulaire',
    },
  },
  reminder: {
    en: {
      subject: '{clinic}: your form is not complete yet',
      lead: '{clinic}: we do not have your form yet. Please send it before your visit on {when}.',
      more: 'What you have typed so far is kept. If you have a question, call {clinic} at {phone}.',
      button: 'Go on with the form',
    },
    es: {
      subject: '{clinic}: su formulario no está completo',
      lead: '{clinic}: todavía no tenemos su formulario. Envíelo antes de su visita del {when}.',
      more: 'Lo que ha escrito hasta ahora está guardado. Si tiene preguntas, llame a {clinic} al {phone}.',
      button: 'Continuar con el formulario',
    },
    de: {
      subject: '{clinic}: Ihr Formular ist noch nicht vollständig',
      lead: '{clinic}: Uns fehlt noch Ihr Formular. Bitte senden Sie es vor Ihrem Termin am {when}.',
      more: 'Was Sie bisher eingegeben haben, ist gespeichert. Bei Fragen rufen Sie {clinic} an: {phone}.',
      button: 'Formular fortsetzen',
    },
    fr: {
      subject: '{clinic} : votre formulaire n’est pas encore complet',
      lead: '{clinic} : nous n’avons pas encore votre formulaire. Merci de l’envoyer avant votre rendez-vous du {when}.',
      more: 'Ce que vous avez déjà saisi est conservé. Pour toute question, appelez {clinic} au {phone}.',
      button: 'Continuer le formulaire',
    },
  },
  'correction-asked': {
    en: {
      subject: '{clinic}: please check your details',
      lead: '{clinic}: please check some of your details before your visit on {when}.',
      more: 'The page shows what to look at. Have your card at hand.',
      button: 'Check my details',
    },
    es: {
      subject: '{clinic}: revise sus datos',
      lead: '{clinic}: revise algunos de sus datos antes de su visita del {when}.',
      more: 'La página muestra qué debe revisar. Tenga su tarjeta a mano.',
      button: 'Revisar mis datos',
    },
    de: {
      subject: '{clinic}: bitte prüfen Sie Ihre Angaben',
      lead: '{clinic}: Bitte prüfen Sie einige Ihrer Angaben vor Ihrem Termin am {when}.',
      more: 'Die Seite zeigt, worum es geht. Halten Sie Ihre Karte bereit.',
      button: 'Angaben prüfen',
    },
    fr: {
      subject: '{clinic} : merci de vérifier vos informations',
      lead: '{clinic} : merci de vérifier certaines informations avant votre rendez-vous du {when}.',
      more: 'La page indique ce qu’il faut regarder. Ayez votre carte sous la main.',
      button: 'Vérifier mes informations',
    },
  },
  'confirm-asked': {
    en: {
      subject: '{clinic}: something to confirm',
      lead: '{clinic}: there is something for you to confirm before your visit on {when}.',
      more: 'The page leads you there. Your visit stays booked.',
      button: 'See what to confirm',
    },
    es: {
      subject: '{clinic}: algo que confirmar',
      lead: '{clinic}: hay algo que debe confirmar antes de su visita del {when}.',
      more: 'La página le lleva hasta allí. Su visita sigue reservada.',
      button: 'Ver qué confirmar',
    },
    de: {
      subject: '{clinic}: bitte bestätigen',
      lead: '{clinic}: Bitte bestätigen Sie noch etwas vor Ihrem Termin am {when}.',
      more: 'Die Seite führt Sie dorthin. Ihr Termin bleibt bestehen.',
      button: 'Ansehen und bestätigen',
    },
    fr: {
      subject: '{clinic} : une confirmation est nécessaire',
      lead: '{clinic} : une confirmation de votre part est nécessaire avant votre rendez-vous du {when}.',
      more: 'La page vous y conduit. Votre rendez-vous est maintenu.',
      button: 'Voir ce qu’il faut confirmer',
    },
  },
  news: {
    en: {
      subject: '{clinic}: something has changed',
      lead: '{clinic}: something about your visit on {when} has changed.',
      more: 'The page of your visit says what, and whether you need to do anything.',
      button: 'See what has changed',
    },
    es: {
      subject: '{clinic}: algo ha cambiado',
      lead: '{clinic}: algo ha cambiado en su visita del {when}.',
      more: 'La página de su visita dice qué, y si tiene que hacer algo.',
      button: 'Ver qué ha cambiado',
    },
    de: {
      subject: '{clinic}: es hat sich etwas geändert',
      lead: '{clinic}: Zu Ihrem Termin am {when} hat sich etwas geändert.',
      more: 'Auf der Seite Ihres Termins steht, was, und ob Sie etwas tun müssen.',
      button: 'Änderung ansehen',
    },
    fr: {
      subject: '{clinic} : quelque chose a changé',
      lead: '{clinic} : quelque chose a changé pour votre rendez-vous du {when}.',
      more: 'La page de votre rendez-vous dit quoi, et si vous avez quelque chose à faire.',
      button: 'Voir ce qui a changé',
    },
  },
  code: {
    en: {
      subject: '{clinic}: your code',
      lead: '{clinic}: your code is {code}. It works for ten minutes. Nobody of ours will ever ask you for it.',
      more: 'If you did not ask for a code, you need not do anything.',
      button: '',
    },
    es: {
      subject: '{clinic}: su código',
      lead: '{clinic}: su código es {code}. Sirve durante diez minutos. Nadie de nuestro equipo se lo pedirá nunca.',
      more: 'Si no ha pedido un código, no tiene que hacer nada.',
      button: '',
    },
    de: {
      subject: '{clinic}: Ihr Code',
      lead: '{clinic}: Ihr Code ist {code}. Er gilt zehn Minuten. Niemand von uns fragt Sie je danach.',
      more: 'Wenn Sie keinen Code angefordert haben, müssen Sie nichts tun.',
      button: '',
    },
    fr: {
      subject: '{clinic} : votre code',
      lead: '{clinic} : votre code est {code}. Il est valable dix minutes. Personne chez nous ne vous le demandera jamais.',
      more: 'Si vous n’avez pas demandé de code, vous n’avez rien à faire.',
      button: '',
    },
  },
  ...visitLetters,
} as const satisfies Record<string, Record<LanguageTag, Words>>

const wordsOf = (kind: MessageKind, language: LanguageTag): Words => asked[kind === 'reminder-72h' || kind === 'reminder-24h' ? 'reminder' : kind][language]

/** Of a text; the partner reads the English word whatever the language around it. */
const stopWords = {
  en: 'Reply STOP for no more texts.',
  es: 'Responda STOP para no recibir más mensajes.',
  de: 'Antworten Sie STOP, um keine SMS mehr zu erhalten.',
  fr: 'Répondez STOP pour ne plus recevoir de SMS.',
} as const satisfies Record<LanguageTag, string>
/** Beside it the mail program may show a button of its own; this is for whose program has none. */
const stopMails = {
  en: 'No more mails from us:',
  es: 'No recibir más correos nuestros:',
  de: 'Keine E-Mails mehr von uns:',
  fr: 'Ne plus recevoir nos messages :',
} as const satisfies Record<LanguageTag, string>
const noReply = {
  en: 'This mail is about a visit at {clinic}. Answers to it are not read: call {phone}.',
  es: 'Recibe este correo por una visita en {clinic}. No se leen las respuestas: llame al {phone}.',
  de: 'In dieser E-Mail geht es um einen Termin bei {clinic}. Antworten werden nicht gelesen: Rufen Sie an: {phone}.',
  fr: 'Ce message concerne un rendez-vous : {clinic}. Les réponses ne sont pas lues : appelez le {phone}.',
} as const satisfies Record<LanguageTag, string>

/** What its words are made of; where it goes, and until when, is for who sends it. */
export type LetterFacts = Omit<Sent, 'channel' | 'to' | 'notAfter'>

const fillIn = (words: string, values: Readonly<Record<string, string>>): string =>
  endedOnce(words.replace(/\{([a-z]+)\}/g, (_, name: string) => values[name] ?? ''))

/** The time of the visit where it takes place, in the patient's language. */
function whenOf({ language, startsAt, timeZone }: LetterFacts): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone } as const
  // Some languages put narrow spaces in, which a text would carry as two bytes each.
  return new Intl.DateTimeFormat(locales[language], options).format(new Date(startsAt)).replace(/[\u00A0\u202F]/g, ' ')
}
const valuesOf = (facts: LetterFacts) => ({ clinic: facts.clinic, phone: facts.phone, when: whenOf(facts), code: facts.code ?? '' })

export function textOf(facts: LetterFacts): string {
  const lead = fillIn(wordsOf(facts.kind, facts.language).lead, valuesOf(facts))
  const withLink = facts.url === null ? lead : `${lead} ${facts.url}`
  return facts.kind === 'code' ? withLink : `${withLink}\n${stopWords[facts.language]}`
}

export interface Letter {
  subject: string
  paragraphs: string[]
  button: string
  footer: string
}
export function letterOf(facts: LetterFacts): Letter {
  const words = wordsOf(facts.kind, facts.language)
  const values = valuesOf(facts)
  return {
    subject: fillIn(words.subject, values),
    paragraphs: [fillIn(words.lead, values), fillIn(words.more, values)],
    button: words.button,
    footer: fillIn(`${noReply[facts.language]}${facts.unsubscribeUrl === null ? '' : ` ${stopMails[facts.language]}`}`, values),
  }
}
