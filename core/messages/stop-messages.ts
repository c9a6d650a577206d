import type { LanguageTag } from '../kit/index.ts'

/** The page behind the address in a mail that stops mails. It says nothing of a visit: whoever has the mail may open it. */
export const stopMessages = {
  'stop.title': {
    en: 'Mails from {clinic}',
    es: 'Correos de {clinic}',
    de: 'E-Mails von {clinic}',
    fr: 'Messages de {clinic}',
  },
  'stop.ask': {
    en: 'Do you want no more reminders and requests by mail?',
    es: '¿No quiere recibir más recordatorios ni peticiones por correo?',
    de: 'Möchten Sie keine Erinnerungen und Bitten mehr per E-Mail bekommen?',
    fr: 'Vous ne voulez plus recevoir de rappels ni de demandes par e-mail ?',
  },
  'stop.left': {
    en: 'Codes that you ask for, and word that a visit is moved or cancelled, still come.',
    es: 'Los códigos que pida, y los avisos de que una visita cambia o se cancela, seguirán llegando.',
    de: 'Codes, die Sie anfordern, und Nachricht, dass ein Termin verlegt oder abgesagt ist, kommen weiterhin.',
    fr: 'Les codes que vous demandez, et l’annonce qu’un rendez-vous est déplacé ou annulé, arriveront toujours.',
  },
  'stop.do': { en: 'Stop the mails', es: 'Dejar de recibirlos', de: 'E-Mails beenden', fr: 'Ne plus les recevoir' },
  'stop.done': {
    en: 'Stopped. No more reminders and requests go to this mailbox.',
    es: 'Hecho. Ya no se envían recordatorios ni peticiones a este buzón.',
    de: 'Beendet. An dieses Postfach gehen keine Erinnerungen und Bitten mehr.',
    fr: 'C’est fait. Plus aucun rappel ni demande n’est envoyé à cette adresse.',
  },
  'stop.undo': { en: 'Get mails again', es: 'Volver a recibirlos', de: 'Wieder E-Mails bekommen', fr: 'Les recevoir à nouveau' },
  'stop.ended': {
    en: 'No mails go to this mailbox now. To get them again, call {clinic} at {phone}.',
    es: 'Ahora no se envían correos a este buzón. Para volver a recibirlos, llame a {clinic} al {phone}.',
    de: 'An dieses Postfach gehen zurzeit keine E-Mails. Wenn Sie wieder welche möchten, rufen Sie {clinic} an: {phone}.',
    fr: 'Aucun message n’est envoyé à cette adresse en ce moment. Pour en recevoir à nouveau, appelez {clinic} au {phone}.',
  },
} as const satisfies Record<string, Record<LanguageTag, string>>
