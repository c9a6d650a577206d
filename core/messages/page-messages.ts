import type { LanguageTag } from '../kit/index.ts'

/** What a patient reads around the states: titles, links, the words beside the colours, and pages that lead nowhere. */
export const pageMessages = {
  'page.title': { en: 'Your visit', es: 'Su visita', de: 'Ihr Termin', fr: 'Votre rendez-vous' },
  'page.visit': { en: 'Visit', es: 'Visita', de: 'Termin', fr: 'Rendez-vous' },
  'page.reference': { en: 'Reference', es: 'Referencia', de: 'Referenz', fr: 'Référence' },
  'page.updated': { en: 'Last change', es: 'Último cambio', de: 'Letzte Änderung', fr: 'Dernière modification' },
  'page.keep': { en: 'Keep a copy', es: 'Guardar una copia', de: 'Eine Kopie behalten', fr: 'Garder une copie' },
  'page.keep-how': {
    en: 'Print this page or save its address: it works until {until}. After three days, and on any other device, it first asks for your birth date and a code.',
    es: 'Imprima esta página o guarde su dirección: funciona hasta el {until}. Después de tres días, y en cualquier otro dispositivo, primero le pedirá su fecha de nacimiento y un código.',
    de: 'Drucken Sie diese Seite oder speichern Sie ihre Adresse: Sie funktioniert bis zum {until}. Nach drei Tagen, und auf jedem anderen Gerät, fragt sie zuerst nach Ihrem Geburtsdatum und einem Code.',
    fr: 'Imprimez cette page ou enregistrez son adresse : elle fonctionne jusqu’au {until}. Après trois jours, et sur tout autre appareil, elle demande d’abord votre date de naissance et un code.',
  },
  'page.no-script': {
    en: 'This page needs JavaScript. If you cannot turn it on, please call {clinic} at {phone}.',
    es: 'Esta página necesita JavaScript. Si no puede activarlo, llame a {clinic} al {phone}.',
    de: 'Diese Seite braucht JavaScript. Wenn Sie es nicht einschalten können, rufen Sie bitte {clinic} an: {phone}.',
    fr: 'Cette page a besoin de JavaScript. Si vous ne pouvez pas l’activer, appelez {clinic} au {phone}.',
  },
  'page.language': { en: 'Language', es: 'Idioma', de: 'Sprache', fr: 'Langue' },
  'page.contact': {
    en: 'Questions? Call {clinic} at {phone}.',
    es: '¿Preguntas? Llame a {clinic} al {phone}.',
    de: 'Fragen? Rufen Sie {clinic} an: {phone}.',
    fr: 'Des questions ? Appelez {clinic} au {phone}.',
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

  'todo.nothing': { en: 'You do not need to do anything.', es: 'No tiene que hacer nada.', de: 'Sie müssen nichts tun.', fr: 'Vous n’avez rien à faire.' },

  'page.confirm': { en: 'Confirm with my bank', es: 'Confirmar con mi banco', de: 'Bei meiner Bank bestätigen', fr: 'Confirmer auprès de ma banque' },

  'confirmed.title': { en: 'Thank you', es: 'Gracias', de: 'Danke', fr: 'Merci' },
  'confirmed.text': {
    en: 'Go back to the page of your visit: it shows what your bank said. You can close this page.',
    es: 'Vuelva a la página de su visita: allí verá lo que dijo su banco. Puede cerrar esta página.',
    de: 'Gehen Sie zurück zur Seite Ihres Termins: Dort steht, was Ihre Bank gesagt hat. Sie können diese Seite schließen.',
    fr: 'Revenez à la page de votre rendez-vous : elle montre ce que votre banque a répondu. Vous pouvez fermer cette page.',
  },

  'confirm.over.title': {
    en: 'There is no payment to confirm here any more',
    es: 'Aquí ya no hay ningún pago que confirmar',
    de: 'Hier ist keine Zahlung mehr zu bestätigen',
    fr: 'Il n’y a plus de paiement à confirmer ici',
  },
  'confirm.over.text': {
    en: 'It was called off, or it is done already. The page of your visit shows what was charged. If your bank’s page for it is still open somewhere, close it and do not confirm anything there.',
    es: 'Se anuló o ya está hecho. La página de su visita muestra lo que se ha cobrado. Si la página de su banco sigue abierta en otro lugar, ciérrela y no confirme nada allí.',
    de: 'Sie wurde zurückgezogen oder ist schon erledigt. Die Seite Ihres Termins zeigt, was abgebucht wurde. Falls die Seite Ihrer Bank dazu noch irgendwo offen ist, schließen Sie sie und bestätigen Sie dort nichts.',
    fr: 'Il a été annulé, ou il est déjà fait. La page de votre rendez-vous montre ce qui a été débité. Si la page de votre banque est encore ouverte ailleurs, fermez-la et n’y confirmez rien.',
  },

  'forget.text': {
    en: 'If this is not your own device, let it forget you before you leave: nobody then sees this page here without your birth date and a code.',
    es: 'Si este dispositivo no es suyo, haga que lo olvide antes de irse: así nadie verá aquí esta página sin su fecha de nacimiento y un código.',
    de: 'Wenn das nicht Ihr eigenes Gerät ist, lassen Sie sich vergessen, bevor Sie gehen: Dann sieht hier niemand mehr diese Seite ohne Ihr Geburtsdatum und einen Code.',
    fr: 'Si cet appareil n’est pas le vôtre, faites-vous oublier avant de partir : personne n’y verra plus cette page sans votre date de naissance et un code.',
  },
  'forget.do': {
    en: 'This is not my device: forget me here',
    es: 'Este dispositivo no es mío: olvidarme aquí',
    de: 'Das ist nicht mein Gerät: hier vergessen',
    fr: 'Ce n’est pas mon appareil : m’oublier ici',
  },
  'forgotten.title': {
    en: 'This device does not know you any more',
    es: 'Este dispositivo ya no lo conoce',
    de: 'Dieses Gerät kennt Sie nicht mehr',
    fr: 'Cet appareil ne vous connaît plus',
  },
  'forgotten.text': {
    en: 'Whoever opens your link here is asked for your birth date and a code. Close this page now. What you sent stays with the clinic.',
    es: 'A quien abra su enlace aquí se le pedirá su fecha de nacimiento y un código. Cierre ahora esta página. Lo que envió se queda en la clínica.',
    de: 'Wer Ihren Link hier öffnet, wird nach Ihrem Geburtsdatum und einem Code gefragt. Schließen Sie jetzt diese Seite. Was Sie gesendet haben, bleibt bei der Praxis.',
    fr: 'Quiconque ouvre votre lien ici devra donner votre date de naissance et un code. Fermez maintenant cette page. Ce que vous avez envoyé reste au cabinet.',
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
    fr: 'Rien de ce que vous avez envoyé n’est perdu. Réessayez dans une minute. Si cela se reproduit, appelez votre cabinet et donnez : {correlationId}',
  },

  'busy.title': { en: 'Too many requests', es: 'Demasiadas solicitudes', de: 'Zu viele Anfragen', fr: 'Trop de demandes' },
  'busy.text': {
    en: 'Please wait a minute and try again.',
    es: 'Espere un minuto e inténtelo de nuevo.',
    de: 'Bitte warten Sie eine Minute und versuchen Sie es noch einmal.',
    fr: 'Attendez une minute et réessayez.',
  },
} as const satisfies Record<string, Record<LanguageTag, string>>
