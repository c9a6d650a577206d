import type { LanguageTag } from '../kit/index.ts'
import { consentMessages } from './consent-words.ts'
import { endedOnce } from './ended-once.ts'
import { moneyMessages } from './money-messages.ts'

/**
 * What patients read about where things stand, in every language, complete by type: a key without a language does not
 * compile. Each state says what happened, what it means for me, and what to do by when. `{name}` is filled by `fill`.
 */
const messages = {
  ...moneyMessages,
  ...consentMessages,
  'page.title': { en: 'Your visit', es: 'Su visita', de: 'Ihr Termin', fr: 'Votre rendez-vous' },
  'page.visit': { en: 'Visit', es: 'Visita', de: 'Termin', fr: 'Rendez-vous' },
  'page.reference': { en: 'Reference', es: 'Referencia', de: 'Kennzeichen', fr: 'Référence' },
  'page.updated': { en: 'Last change', es: 'Último cambio', de: 'Letzte Änderung', fr: 'Dernière modification' },
  'page.keep': { en: 'Keep a copy', es: 'Guardar una copia', de: 'Eine Kopie behalten', fr: 'Garder une copie' },
  'page.keep-how': {
    en: 'Print this page or save its address: it works until {until}.',
    es: 'Imprima esta página o guarde su dirección: funciona hasta el {until}.',
    de: 'Drucken Sie diese Seite oder speichern Sie ihre Adresse: Sie funktioniert bis zum {until}.',
    fr: 'Imprimez cette page ou enregistrez son adresse : elle fonctionne jusqu’au {until}.',
  },
  'page.language': { en: 'Language', es: 'Idioma', de: 'Sprache', fr: 'Langue' },
  'page.contact': {
    en: 'Questions? Call {clinic} at {phone}.',
    es: '¿Preguntas? Llame a {clinic} al {phone}.',
    de: 'Fragen? Rufen Sie {clinic} an: {phone}.',
    fr: 'Des questions ? Appelez {clinic} au {phone}.',
  },
  'page.open-form': { en: 'Continue the form', es: 'Continuar con el formulario', de: 'Weiter zum Formular', fr: 'Continuer le formulaire' },
  'page.correct': { en: 'Put my details right', es: 'Corregir mis datos', de: 'Meine Angaben berichtigen', fr: 'Corriger mes informations' },
  'page.live': {
    en: 'This page updates by itself.',
    es: 'Esta página se actualiza sola.',
    de: 'Diese Seite aktualisiert sich von selbst.',
    fr: 'Cette page se met à jour toute seule.',
  },
  'page.reload': {
    en: 'Reload this page to see what has changed.',
    es: 'Vuelva a cargar esta página para ver los cambios.',
    de: 'Laden Sie diese Seite neu, um zu sehen, was sich geändert hat.',
    fr: 'Rechargez cette page pour voir ce qui a changé.',
  },

  'heading.done': { en: 'Thank you, that is everything', es: 'Gracias, eso es todo', de: 'Danke, das war alles', fr: 'Merci, c’est tout' },
  'heading.working': {
    en: 'Thank you. We are still checking a few things.',
    es: 'Gracias. Todavía estamos comprobando algunas cosas.',
    de: 'Danke. Wir prüfen noch ein paar Dinge.',
    fr: 'Merci. Nous vérifions encore quelques points.',
  },
  'heading.needs-you': {
    en: 'There is something for you to do',
    es: 'Hay algo que usted debe hacer',
    de: 'Sie müssen noch etwas tun',
    fr: 'Il vous reste quelque chose à faire',
  },
  'heading.not-sent': {
    en: 'We do not have your form yet',
    es: 'Todavía no tenemos su formulario',
    de: 'Wir haben Ihr Formular noch nicht',
    fr: 'Nous n’avons pas encore votre formulaire',
  },

  'heading.cancelled': { en: 'Your visit was cancelled', es: 'Su visita se canceló', de: 'Ihr Termin wurde abgesagt', fr: 'Votre rendez-vous a été annulé' },

  'visit.cancelled.what': {
    en: 'The visit on {visit} was cancelled.',
    es: 'La visita del {visit} se canceló.',
    de: 'Der Termin am {visit} wurde abgesagt.',
    fr: 'Le rendez-vous du {visit} a été annulé.',
  },
  'visit.cancelled.meaning': {
    en: 'It does not take place, and you do not need to fill in anything for it.',
    es: 'No tendrá lugar, y no tiene que rellenar nada para ella.',
    de: 'Er findet nicht statt, und Sie müssen dafür nichts ausfüllen.',
    fr: 'Il n’aura pas lieu, et vous n’avez rien à remplir pour lui.',
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
    de: 'Ihr Termin wurde verlegt auf {visit}.',
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
    fr: 'Vous étiez attendu le {visit} et vous n’êtes pas venu.',
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

  'todo.nothing': { en: 'You do not need to do anything.', es: 'No tiene que hacer nada.', de: 'Sie müssen nichts tun.', fr: 'Vous n’avez rien à faire.' },

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

  'insurance.checking.what': {
    en: 'We are asking your insurer.',
    es: 'Estamos consultando a su aseguradora.',
    de: 'Wir fragen Ihre Versicherung.',
    fr: 'Nous interrogeons votre assureur.',
  },
  'insurance.checking.meaning': {
    en: 'The answer often comes within a minute and can take longer when your insurer is busy or closed.',
    es: 'La respuesta suele llegar en un minuto y puede tardar más si su aseguradora está ocupada o cerrada.',
    de: 'Die Antwort kommt oft innerhalb einer Minute. Es kann länger dauern, wenn Ihre Versicherung ausgelastet oder geschlossen ist.',
    fr: 'La réponse arrive souvent en moins d’une minute, et peut prendre plus de temps si votre assureur est très occupé ou fermé.',
  },
  'insurance.by-file.what': {
    en: 'Your insurer answers by file, usually by the next morning.',
    es: 'Su aseguradora responde por archivo, normalmente a la mañana siguiente.',
    de: 'Ihre Versicherung antwortet gesammelt, meist bis zum nächsten Morgen.',
    fr: 'Votre assureur répond par fichier, en général d’ici le lendemain matin.',
  },
  'insurance.by-file.meaning': {
    en: 'Over a weekend or a holiday it takes until the working day after. Your visit stays booked, and this page shows the answer as soon as it is here.',
    es: 'Si hay un fin de semana o un día festivo, tarda hasta el siguiente día laborable. Su visita sigue reservada, y esta página muestra la respuesta en cuanto llegue.',
    de: 'Über ein Wochenende oder einen Feiertag dauert es bis zum nächsten Werktag. Ihr Termin bleibt bestehen, und diese Seite zeigt die Antwort, sobald sie da ist.',
    fr: 'Pendant un week-end ou un jour férié, il faut attendre le jour ouvrable suivant. Votre rendez-vous est maintenu, et cette page montre la réponse dès qu’elle arrive.',
  },
  'insurance.later.what': {
    en: 'Your insurer is not answering at the moment.',
    es: 'En este momento su aseguradora no responde.',
    de: 'Ihre Versicherung antwortet im Moment nicht.',
    fr: 'Votre assureur ne répond pas en ce moment.',
  },
  'insurance.later.meaning': {
    en: 'We will ask again by ourselves on {when}. Your visit stays booked.',
    es: 'Volveremos a preguntar por nuestra cuenta el {when}. Su visita sigue reservada.',
    de: 'Wir fragen von selbst noch einmal am {when}. Ihr Termin bleibt bestehen.',
    fr: 'Nous lui redemanderons de nous-mêmes le {when}. Votre rendez-vous est maintenu.',
  },
  'insurance.provisional.what': {
    en: 'Your insurer says you are covered.',
    es: 'Su aseguradora dice que usted tiene cobertura.',
    de: 'Ihre Versicherung sagt, dass Sie versichert sind.',
    fr: 'Votre assureur indique que vous êtes couvert.',
  },
  'insurance.provisional.meaning': {
    en: 'This answer came at a time or in a way that we do not rely on. We will check once more on {when}.',
    es: 'Esta respuesta llegó en un momento o de una forma en que no confiamos. Lo comprobaremos una vez más el {when}.',
    de: 'Diese Antwort kam zu einer Zeit oder auf eine Weise, auf die wir uns nicht verlassen. Wir prüfen es noch einmal am {when}.',
    fr: 'Cette réponse est arrivée à un moment ou d’une manière à laquelle nous ne nous fions pas. Nous vérifierons encore une fois le {when}.',
  },
  'insurance.doubtful.what': {
    en: 'We do not have a reliable answer from your insurer yet.',
    es: 'Todavía no tenemos una respuesta fiable de su aseguradora.',
    de: 'Wir haben von Ihrer Versicherung noch keine verlässliche Antwort.',
    fr: 'Nous n’avons pas encore de réponse fiable de votre assureur.',
  },
  'insurance.doubtful.meaning': {
    en: 'We will ask again on {when}. Your visit stays booked.',
    es: 'Volveremos a preguntar el {when}. Su visita sigue reservada.',
    de: 'Wir fragen noch einmal am {when}. Ihr Termin bleibt bestehen.',
    fr: 'Nous lui redemanderons le {when}. Votre rendez-vous est maintenu.',
  },
  'insurance.expired.what': {
    en: 'Your insurer said you are covered, some time ago.',
    es: 'Su aseguradora dijo hace un tiempo que usted tiene cobertura.',
    de: 'Ihre Versicherung hat vor einiger Zeit gesagt, dass Sie versichert sind.',
    fr: 'Votre assureur a indiqué il y a quelque temps que vous êtes couvert.',
  },
  'insurance.expired.meaning': {
    en: 'We will ask once more before your visit.',
    es: 'Preguntaremos una vez más antes de su visita.',
    de: 'Wir fragen vor Ihrem Termin noch einmal.',
    fr: 'Nous lui redemanderons avant votre rendez-vous.',
  },
  'insurance.changed.meaning': {
    en: 'This has changed since we last told you. Your plan is active on the day of your visit.',
    es: 'Esto ha cambiado desde la última vez que le informamos. Su plan está activo el día de su visita.',
    de: 'Das hat sich geändert, seit wir Sie zuletzt informiert haben. Ihre Versicherung gilt am Tag Ihres Termins.',
    fr: 'Cela a changé depuis notre dernière information. Votre assurance est active le jour de votre rendez-vous.',
  },
  'insurance.confirmed.what': {
    en: 'Your insurer says you are covered.',
    es: 'Su aseguradora dice que usted tiene cobertura.',
    de: 'Ihre Versicherung sagt, dass Sie versichert sind.',
    fr: 'Votre assureur indique que vous êtes couvert.',
  },
  'insurance.confirmed.meaning': {
    en: 'Your plan is active on the day of your visit.',
    es: 'Su plan está activo el día de su visita.',
    de: 'Ihre Versicherung gilt am Tag Ihres Termins.',
    fr: 'Votre assurance est active le jour de votre rendez-vous.',
  },
  'insurance.inactive.what': {
    en: 'Your insurer says that this plan is not active.',
    es: 'Su aseguradora dice que este plan no está activo.',
    de: 'Ihre Versicherung sagt, dass dieser Vertrag nicht gilt.',
    fr: 'Votre assureur indique que ce contrat n’est pas actif.',
  },
  'insurance.inactive.meaning': {
    en: 'Your visit stays booked, but you may have to pay for it yourself.',
    es: 'Su visita sigue reservada, pero es posible que deba pagarla usted.',
    de: 'Ihr Termin bleibt bestehen, aber vielleicht müssen Sie ihn selbst bezahlen.',
    fr: 'Votre rendez-vous est maintenu, mais vous devrez peut-être le payer vous-même.',
  },
  'insurance.changed-inactive.meaning': {
    en: 'This has changed since we last told you. Your visit stays booked, but you may have to pay for it yourself.',
    es: 'Esto ha cambiado desde la última vez que le informamos. Su visita sigue reservada, pero es posible que deba pagarla usted.',
    de: 'Das hat sich geändert, seit wir Sie zuletzt informiert haben. Ihr Termin bleibt bestehen, aber vielleicht müssen Sie ihn selbst bezahlen.',
    fr: 'Cela a changé depuis notre dernière information. Votre rendez-vous est maintenu, mais vous devrez peut-être le payer vous-même.',
  },
  'insurance.inactive.todo': {
    en: 'If you have another plan, call {clinic} at {phone} before {visit}.',
    es: 'Si tiene otro plan, llame a {clinic} al {phone} antes del {visit}.',
    de: 'Wenn Sie eine andere Versicherung haben, rufen Sie {clinic} unter {phone} an, vor Ihrem Termin am {visit}.',
    fr: 'Si vous avez une autre assurance, appelez {clinic} au {phone} avant le {visit}.',
  },
  'insurance.needs-you.what': {
    en: 'Your insurer could not find you with these details.',
    es: 'Su aseguradora no pudo encontrarle con estos datos.',
    de: 'Ihre Versicherung konnte Sie mit diesen Angaben nicht finden.',
    fr: 'Votre assureur n’a pas pu vous trouver avec ces informations.',
  },
  'insurance.needs-you.meaning': {
    en: 'Your visit stays booked, but we cannot confirm your coverage yet.',
    es: 'Su visita sigue reservada, pero todavía no podemos confirmar su cobertura.',
    de: 'Ihr Termin bleibt bestehen, aber wir können noch nicht bestätigen, dass Sie versichert sind.',
    fr: 'Votre rendez-vous est maintenu, mais nous ne pouvons pas encore confirmer votre couverture.',
  },
  'insurance.needs-you.todo': {
    en: 'Please have your insurance card at hand and put your details right, or call {clinic} at {phone} before {visit}.',
    es: 'Tenga a mano su tarjeta del seguro y corrija sus datos, o llame a {clinic} al {phone} antes del {visit}.',
    de: 'Bitte legen Sie Ihre Versicherungskarte bereit und berichtigen Sie Ihre Angaben, oder rufen Sie {clinic} unter {phone} an, vor Ihrem Termin am {visit}.',
    fr: 'Préparez votre carte d’assurance et corrigez vos informations, ou appelez {clinic} au {phone} avant le {visit}.',
  },
  'insurance.correct.what': {
    en: 'Your clinic asks you to look at your insurance details once more.',
    es: 'Su clínica le pide que revise otra vez los datos de su seguro.',
    de: 'Ihre Praxis bittet Sie, Ihre Versicherungsdaten noch einmal anzusehen.',
    fr: 'Votre cabinet vous demande de regarder encore une fois les informations de votre assurance.',
  },
  'insurance.correct.todo': {
    en: 'Please compare your details with your insurance card and put them right before {visit}. We then ask your insurer again.',
    es: 'Compare sus datos con su tarjeta del seguro y corríjalos antes del {visit}. Después volveremos a preguntar a su aseguradora.',
    de: 'Bitte vergleichen Sie Ihre Angaben mit Ihrer Versicherungskarte und berichtigen Sie sie vor Ihrem Termin am {visit}. Danach fragen wir Ihre Versicherung noch einmal.',
    fr: 'Comparez vos informations avec votre carte d’assurance et corrigez-les avant le {visit}. Nous interrogerons ensuite de nouveau votre assureur.',
  },
  'insurance.with-our-team.what': {
    en: 'We have not been able to check with your insurer yet.',
    es: 'Todavía no hemos podido comprobarlo con su aseguradora.',
    de: 'Wir konnten Ihre Versicherung noch nicht fragen.',
    fr: 'Nous n’avons pas encore pu vérifier auprès de votre assureur.',
  },
  'insurance.with-our-team.meaning': {
    en: 'Our team is on it. If we need something from you, we will call you before your visit.',
    es: 'Nuestro equipo se está ocupando. Si necesitamos algo de usted, le llamaremos antes de su visita.',
    de: 'Unser Team kümmert sich darum. Wenn wir etwas von Ihnen brauchen, rufen wir Sie vor Ihrem Termin an.',
    fr: 'Notre équipe s’en occupe. Si nous avons besoin de quelque chose, nous vous appellerons avant votre rendez-vous.',
  },
  'insurance.corrected.what': {
    en: 'Our team has checked your insurance by hand.',
    es: 'Nuestro equipo ha comprobado su seguro a mano.',
    de: 'Unser Team hat Ihre Versicherung selbst geprüft.',
    fr: 'Notre équipe a vérifié elle-même votre assurance.',
  },
  'insurance.corrected.meaning': {
    en: '{clinic} has the result. If it changes anything for you, they will call you before your visit.',
    es: '{clinic} tiene el resultado. Si cambia algo para usted, le llamarán antes de su visita.',
    de: '{clinic} hat das Ergebnis. Wenn es für Sie etwas ändert, werden Sie vor Ihrem Termin angerufen.',
    fr: '{clinic} a le résultat. Si cela change quelque chose pour vous, vous serez appelé avant votre rendez-vous.',
  },

  'method.requested.what': {
    en: 'We are putting your payment method on file.',
    es: 'Estamos registrando su forma de pago.',
    de: 'Wir hinterlegen Ihr Zahlungsmittel.',
    fr: 'Nous enregistrons votre moyen de paiement.',
  },
  'method.stored.what': {
    en: 'Your payment method is on file.',
    es: 'Su forma de pago está registrada.',
    de: 'Ihr Zahlungsmittel ist hinterlegt.',
    fr: 'Votre moyen de paiement est enregistré.',
  },
  'method.needs-you.what': {
    en: 'Your bank wants you to approve your payment method.',
    es: 'Su banco le pide que apruebe su forma de pago.',
    de: 'Ihre Bank möchte, dass Sie Ihr Zahlungsmittel freigeben.',
    fr: 'Votre banque vous demande d’approuver votre moyen de paiement.',
  },
  'method.declined.what': {
    en: 'Your bank did not accept this payment method.',
    es: 'Su banco no aceptó esta forma de pago.',
    de: 'Ihre Bank hat dieses Zahlungsmittel nicht angenommen.',
    fr: 'Votre banque n’a pas accepté ce moyen de paiement.',
  },
  'method.declined.todo': {
    en: 'Bring a card, or another way to pay, to your visit on {visit}.',
    es: 'Traiga una tarjeta u otra forma de pago a su visita del {visit}.',
    de: 'Bringen Sie zu Ihrem Termin am {visit} eine Karte oder ein anderes Zahlungsmittel mit.',
    fr: 'Apportez une carte ou un autre moyen de paiement à votre rendez-vous du {visit}.',
  },
  'method.with-our-team.what': {
    en: 'We have not been able to put your payment method on file yet.',
    es: 'Todavía no hemos podido registrar su forma de pago.',
    de: 'Wir konnten Ihr Zahlungsmittel noch nicht hinterlegen.',
    fr: 'Nous n’avons pas encore pu enregistrer votre moyen de paiement.',
  },
  'account.stored.what': {
    en: 'Your bank account is on file.',
    es: 'Su cuenta bancaria está registrada.',
    de: 'Ihr Bankkonto ist hinterlegt.',
    fr: 'Votre compte bancaire est enregistré.',
  },
  'account.needs-you.what': {
    en: 'Your bank wants you to approve the use of your account.',
    es: 'Su banco le pide que apruebe el uso de su cuenta.',
    de: 'Ihre Bank möchte, dass Sie die Verwendung Ihres Kontos freigeben.',
    fr: 'Votre banque vous demande d’approuver l’utilisation de votre compte.',
  },
  'account.declined.what': {
    en: 'Your bank account could not be put on file.',
    es: 'No se pudo registrar su cuenta bancaria.',
    de: 'Ihr Bankkonto konnte nicht hinterlegt werden.',
    fr: 'Votre compte bancaire n’a pas pu être enregistré.',
  },
  'card.requested.meaning': {
    en: 'Nothing is charged now.',
    es: 'No se cobra nada ahora.',
    de: 'Jetzt wird nichts abgebucht.',
    fr: 'Rien n’est débité maintenant.',
  },
  'card.stored.what': { en: 'Your card is on file.', es: 'Su tarjeta está registrada.', de: 'Ihre Karte ist hinterlegt.', fr: 'Votre carte est enregistrée.' },
  // It must stay true when something is charged to it later.
  'card.stored.meaning': {
    en: 'Keeping it on file costs you nothing.',
    es: 'Tenerla registrada no le cuesta nada.',
    de: 'Dass sie hinterlegt ist, kostet Sie nichts.',
    fr: 'La garder enregistrée ne vous coûte rien.',
  },
  'card.needs-you.what': {
    en: 'Your bank wants you to approve your card.',
    es: 'Su banco le pide que apruebe su tarjeta.',
    de: 'Ihre Bank möchte, dass Sie Ihre Karte freigeben.',
    fr: 'Votre banque vous demande d’approuver votre carte.',
  },
  'card.needs-you.meaning': {
    en: 'Nothing has been charged. Your visit stays booked.',
    es: 'No se ha cobrado nada. Su visita sigue reservada.',
    de: 'Es wurde nichts abgebucht. Ihr Termin bleibt bestehen.',
    fr: 'Rien n’a été débité. Votre rendez-vous est maintenu.',
  },
  'card.needs-you.todo': {
    en: 'Please call {clinic} at {phone} before {visit}, or pay at the visit.',
    es: 'Llame a {clinic} al {phone} antes del {visit}, o pague en la visita.',
    de: 'Bitte rufen Sie {clinic} unter {phone} an, vor Ihrem Termin am {visit}, oder zahlen Sie beim Termin.',
    fr: 'Appelez {clinic} au {phone} avant le {visit}, ou payez lors du rendez-vous.',
  },
  'card.confirm.todo': {
    en: 'Please confirm it on your bank’s own page before {visit}.',
    es: 'Confírmela en la página de su banco antes del {visit}.',
    de: 'Bitte bestätigen Sie es auf der Seite Ihrer Bank, vor Ihrem Termin am {visit}.',
    fr: 'Confirmez-le sur la page de votre banque avant le {visit}.',
  },
  'page.confirm': { en: 'Confirm with my bank', es: 'Confirmar con mi banco', de: 'Bei meiner Bank bestätigen', fr: 'Confirmer auprès de ma banque' },
  'confirmed.title': { en: 'Thank you', es: 'Gracias', de: 'Danke', fr: 'Merci' },
  'confirmed.text': {
    en: 'Go back to the page of your visit: it shows what your bank said. You can close this page.',
    es: 'Vuelva a la página de su visita: allí verá lo que dijo su banco. Puede cerrar esta página.',
    de: 'Gehen Sie zurück zur Seite Ihres Termins: Dort steht, was Ihre Bank gesagt hat. Sie können diese Seite schließen.',
    fr: 'Revenez à la page de votre rendez-vous : elle montre ce que votre banque a répondu. Vous pouvez fermer cette page.',
  },
  'plan.title': { en: 'Your payment plan', es: 'Su plan de pago', de: 'Ihr Zahlungsplan', fr: 'Votre plan de paiement' },
  'plan.lead': {
    en: '{clinic} proposes to pay in parts. Nothing is charged before you agree.',
    es: '{clinic} le propone pagar en partes. No se cobra nada antes de que usted acepte.',
    de: '{clinic} schlägt vor, in Teilen zu zahlen. Es wird nichts abgebucht, bevor Sie zustimmen.',
    fr: '{clinic} propose un paiement en plusieurs fois. Rien n’est débité avant votre accord.',
  },
  'plan.agree': { en: 'I agree to this plan', es: 'Acepto este plan', de: 'Ich stimme diesem Plan zu', fr: 'J’accepte ce plan' },
  'plan.agreed': { en: 'You agreed to this plan.', es: 'Usted aceptó este plan.', de: 'Sie haben diesem Plan zugestimmt.', fr: 'Vous avez accepté ce plan.' },
  'plan.failed': {
    en: 'This could not be saved. Reload this page and try again, or call {clinic} at {phone}.',
    es: 'No se pudo guardar. Vuelva a cargar esta página e inténtelo de nuevo, o llame a {clinic} al {phone}.',
    de: 'Das konnte nicht gespeichert werden. Laden Sie diese Seite neu und versuchen Sie es noch einmal, oder rufen Sie {clinic} unter {phone} an.',
    fr: 'Cela n’a pas pu être enregistré. Rechargez cette page et réessayez, ou appelez {clinic} au {phone}.',
  },
  'plan.without-script': {
    en: 'To agree, call {clinic} at {phone}: this page cannot do it in your browser.',
    es: 'Para aceptar, llame a {clinic} al {phone}: esta página no puede hacerlo en su navegador.',
    de: 'Um zuzustimmen, rufen Sie {clinic} unter {phone} an: Diese Seite kann es in Ihrem Browser nicht.',
    fr: 'Pour accepter, appelez {clinic} au {phone} : cette page ne peut pas le faire dans votre navigateur.',
  },
  'card.declined.what': {
    en: 'Your bank did not accept this card.',
    es: 'Su banco no aceptó esta tarjeta.',
    de: 'Ihre Bank hat diese Karte nicht angenommen.',
    fr: 'Votre banque n’a pas accepté cette carte.',
  },
  'card.declined.meaning': {
    en: 'Nothing has been charged. Your visit stays booked.',
    es: 'No se ha cobrado nada. Su visita sigue reservada.',
    de: 'Es wurde nichts abgebucht. Ihr Termin bleibt bestehen.',
    fr: 'Rien n’a été débité. Votre rendez-vous est maintenu.',
  },
  'card.declined.todo': {
    en: 'Bring another card to your visit on {visit}.',
    es: 'Traiga otra tarjeta a su visita del {visit}.',
    de: 'Bringen Sie zu Ihrem Termin am {visit} eine andere Karte mit.',
    fr: 'Apportez une autre carte à votre rendez-vous du {visit}.',
  },
  'card.with-our-team.meaning': {
    en: 'Our team is on it. Nothing has been charged.',
    es: 'Nuestro equipo se está ocupando. No se ha cobrado nada.',
    de: 'Unser Team kümmert sich darum. Es wurde nichts abgebucht.',
    fr: 'Notre équipe s’en occupe. Rien n’a été débité.',
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

  'tone.checking': { en: 'checking', es: 'en curso', de: 'läuft', fr: 'en cours' },
  'tone.provisional': { en: 'provisional', es: 'provisional', de: 'vorläufig', fr: 'provisoire' },
  'tone.confirmed': { en: 'done', es: 'listo', de: 'erledigt', fr: 'terminé' },
  'tone.failed': { en: 'not accepted', es: 'no aceptado', de: 'nicht angenommen', fr: 'non accepté' },
  'tone.needs-someone': { en: 'needs someone', es: 'requiere atención', de: 'jemand muss etwas tun', fr: 'demande une action' },

  'link.unknown.title': { en: 'This link does not work', es: 'Este enlace no funciona', de: 'Dieser Link funktioniert nicht', fr: 'Ce lien ne fonctionne pas' },
  'link.unknown.text': {
    en: 'It may be incomplete. Open it again from the message you got, or call your clinic for a new one.',
    es: 'Puede estar incompleto. Ábralo de nuevo desde el mensaje que recibió o llame a su clínica para pedir otro.',
    de: 'Vielleicht ist er unvollständig. Öffnen Sie ihn noch einmal aus Ihrer Nachricht, oder bitten Sie Ihre Praxis telefonisch um einen neuen.',
    fr: 'Il est peut-être incomplet. Ouvrez-le de nouveau depuis le message que vous avez reçu, ou appelez votre cabinet pour en obtenir un nouveau.',
  },
  'link.ended.title': { en: 'This link has ended', es: 'Este enlace ha caducado', de: 'Dieser Link ist abgelaufen', fr: 'Ce lien a expiré' },
  'link.ended.text': {
    en: 'Please call your clinic for a new one.',
    es: 'Llame a su clínica para pedir otro.',
    de: 'Bitte rufen Sie Ihre Praxis an und bitten Sie um einen neuen.',
    fr: 'Appelez votre cabinet pour en obtenir un nouveau.',
  },
  'failure.title': {
    en: 'Something went wrong on our side',
    es: 'Algo ha fallado por nuestra parte',
    de: 'Bei uns ist etwas schiefgegangen',
    fr: 'Quelque chose n’a pas fonctionné de notre côté',
  },
  'failure.text': {
    en: 'Nothing you sent was lost. Please try again in a minute. If it happens again, call your clinic and say: {correlationId}',
    es: 'No se ha perdido nada de lo que envió. Inténtelo de nuevo en un minuto. Si vuelve a ocurrir, llame a su clínica y diga: {correlationId}',
    de: 'Von dem, was Sie gesendet haben, ist nichts verloren. Bitte versuchen Sie es in einer Minute noch einmal. Wenn es wieder passiert, rufen Sie Ihre Praxis an und nennen Sie: {correlationId}',
    fr: 'Rien de ce que vous avez envoyé n’est perdu. Réessayez dans une minute. Si cela se reproduit, appelez votre cabinet et donnez : {correlationId}',
  },
  'busy.title': { en: 'Too many requests', es: 'Demasiadas solicitudes', de: 'Zu viele Anfragen', fr: 'Trop de demandes' },
  'busy.text': {
    en: 'Please wait a minute and try again.',
    es: 'Espere un minuto e inténtelo de nuevo.',
    de: 'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    fr: 'Attendez une minute et réessayez.',
  },
} as const satisfies Record<string, Record<LanguageTag, string>>

export type MessageKey = keyof typeof messages
export const messageKeys = Object.keys(messages) as [MessageKey, ...MessageKey[]]

/** The words of one key with its values; a value that is missing is a bug, found by the test that fills every key. */
export function fill(key: MessageKey, language: LanguageTag, values: Readonly<Record<string, string>> = {}): string {
  const text = messages[key][language].replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`message ${key} needs {${name}}`)
    return value
  })
  return endedOnce(text)
}
