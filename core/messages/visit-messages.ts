import type { LanguageTag } from '../kit/index.ts'

/** What a patient reads of the visit, of the form they sent for it, and of their photos. */
export const visitMessages = {
  'visit.cancelled.what': {
    en: 'The visit on {visit} was cancelled.',
    es: 'La visita del {visit} se canceló.',
    de: 'Der Termin am {visit} wurde abgesagt.',
    fr: 'Le rendez-vous du {visit} a été annulé.',
  },
  'visit.cancelled.meaning': {
    en: 'It does not take place, and you do not need to fill in anything for it.',
    es: 'No tendrá lugar, y no tiene que llenar nada para ella.',
    de: 'Er findet nicht statt, und Sie müssen dafür nichts ausfüllen.',
    fr: 'Il n’aura pas lieu, et vous n’avez rien à remplir.',
  },
  'visit.cancelled.todo': {
    en: 'Call {clinic} at {phone} for a new date, or if you did not expect this.',
    es: 'Llame a {clinic} al {phone} para pedir otra fecha, o si no esperaba esto.',
    de: 'Rufen Sie {clinic} unter {phone} an, wenn Sie einen neuen Termin möchten oder damit nicht gerechnet haben.',
    fr: 'Appelez {clinic} au {phone} pour une nouvelle date, ou si vous ne vous y attendiez pas.',
  },
  'visit.moved.what': {
    en: 'Your visit was moved to {visit}.',
    es: 'Su visita se cambió al {visit}.',
    de: 'Ihr Termin wurde auf {visit} verlegt.',
    fr: 'Votre rendez-vous a été déplacé au {visit}.',
  },
  'visit.moved.meaning': {
    en: 'What you have sent goes with it. If this time does not suit you, call {clinic} at {phone}.',
    es: 'Lo que ha enviado sigue siendo válido. Si esta hora no le conviene, llame a {clinic} al {phone}.',
    de: 'Was Sie gesendet haben, gilt weiter. Wenn Ihnen diese Zeit nicht passt, rufen Sie {clinic} unter {phone} an.',
    fr: 'Ce que vous avez envoyé reste valable. Si cette heure ne vous convient pas, appelez {clinic} au {phone}.',
  },
  'visit.no-show.what': {
    en: 'You were expected on {visit} and did not come.',
    es: 'Le esperábamos el {visit} y no vino.',
    de: 'Sie wurden am {visit} erwartet und sind nicht gekommen.',
    fr: 'Vous aviez rendez-vous le {visit}, mais personne n’est venu.',
  },
  'visit.no-show.meaning': {
    en: 'The visit has not taken place.',
    es: 'La visita no ha tenido lugar.',
    de: 'Der Termin hat nicht stattgefunden.',
    fr: 'Le rendez-vous n’a pas eu lieu.',
  },
  'visit.no-show.todo': {
    en: 'Call {clinic} at {phone} for a new date.',
    es: 'Llame a {clinic} al {phone} para pedir otra fecha.',
    de: 'Rufen Sie {clinic} unter {phone} an, um einen neuen Termin zu vereinbaren.',
    fr: 'Appelez {clinic} au {phone} pour une nouvelle date.',
  },

  'intake.submitted.what': { en: 'We have your form.', es: 'Tenemos su formulario.', de: 'Wir haben Ihr Formular.', fr: 'Nous avons votre formulaire.' },
  'intake.submitted.meaning': {
    en: 'What you sent is stored safely and {clinic} can prepare your visit.',
    es: 'Lo que envió está guardado de forma segura y {clinic} puede preparar su visita.',
    de: 'Was Sie gesendet haben, ist sicher gespeichert, und {clinic} kann Ihren Termin vorbereiten.',
    fr: 'Ce que vous avez envoyé est enregistré de façon sûre, et {clinic} peut préparer votre rendez-vous.',
  },
  'intake.open.what': {
    en: 'Your form has not been sent yet.',
    es: 'Su formulario todavía no se ha enviado.',
    de: 'Ihr Formular wurde noch nicht gesendet.',
    fr: 'Votre formulaire n’a pas encore été envoyé.',
  },
  'intake.open.meaning': {
    en: 'Until then we cannot check your insurance or prepare your visit.',
    es: 'Hasta entonces no podemos comprobar su seguro ni preparar su visita.',
    de: 'Bis dahin können wir weder Ihre Versicherung prüfen noch Ihren Termin vorbereiten.',
    fr: 'D’ici là, nous ne pouvons ni vérifier votre assurance ni préparer votre rendez-vous.',
  },
  'intake.open.todo': {
    en: 'Please send the form before {visit}.',
    es: 'Envíe el formulario antes del {visit}.',
    de: 'Bitte senden Sie das Formular vor Ihrem Termin am {visit}.',
    fr: 'Veuillez envoyer le formulaire avant le {visit}.',
  },

  'photos.checking.what': {
    en: 'We are checking your photos.',
    es: 'Estamos comprobando sus fotos.',
    de: 'Wir prüfen Ihre Fotos.',
    fr: 'Nous vérifions vos photos.',
  },
  'photos.checking.meaning': {
    en: 'This usually takes less than a minute.',
    es: 'Normalmente tarda menos de un minuto.',
    de: 'Das dauert meist weniger als eine Minute.',
    fr: 'Cela prend en général moins d’une minute.',
  },
  'photos.slow.meaning': {
    en: 'This takes longer than usual. We go on by ourselves; please bring your insurance card to your visit in case.',
    es: 'Esto tarda más de lo habitual. Seguimos sin que usted haga nada; por si acaso, traiga su tarjeta del seguro a la visita.',
    de: 'Das dauert länger als sonst. Wir machen von selbst weiter; bringen Sie Ihre Versicherungskarte für alle Fälle zum Termin mit.',
    fr: 'Cela prend plus de temps que d’habitude. Nous continuons sans vous ; par précaution, apportez votre carte d’assurance au rendez-vous.',
  },
  'photos.clean.what': {
    en: 'Your photos have been checked.',
    es: 'Sus fotos han sido comprobadas.',
    de: 'Ihre Fotos sind geprüft.',
    fr: 'Vos photos ont été vérifiées.',
  },
  'photos.clean.meaning': { en: 'The clinic can see them.', es: 'La clínica puede verlas.', de: 'Die Praxis kann sie sehen.', fr: 'Le cabinet peut les voir.' },
  'photos.rejected.what': {
    en: 'We could not use one of your photos.',
    es: 'No pudimos usar una de sus fotos.',
    de: 'Eines Ihrer Fotos konnten wir nicht verwenden.',
    fr: 'Nous n’avons pas pu utiliser une de vos photos.',
  },
  'photos.rejected.meaning': {
    en: 'It will not be shown to anyone.',
    es: 'No se mostrará a nadie.',
    de: 'Es wird niemandem gezeigt.',
    fr: 'Elle ne sera montrée à personne.',
  },
  'photos.rejected.todo': {
    en: 'Bring your insurance card to your visit on {visit}.',
    es: 'Traiga su tarjeta del seguro a su visita del {visit}.',
    de: 'Bringen Sie Ihre Versicherungskarte zu Ihrem Termin am {visit} mit.',
    fr: 'Apportez votre carte d’assurance à votre rendez-vous du {visit}.',
  },
} as const satisfies Record<string, Record<LanguageTag, string>>
