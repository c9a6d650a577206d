import type { ConsentKind } from '../compliance/model.ts'
import type { LanguageTag } from '../kit/index.ts'

/** What patients read about what they agreed to, and about taking it back. Part of the catalogue. */
export const consentMessages = {
  'consents.title': { en: 'What you agreed to', es: 'Lo que usted aceptó', de: 'Wozu Sie zugestimmt haben', fr: 'Ce que vous avez accepté' },
  'consents.lead': {
    en: 'You can read each text again, and take back any of them. It counts from then on; what was done before stays as it is.',
    es: 'Puede volver a leer cada texto y retirar cualquiera de ellos. Vale desde ese momento; lo que se hizo antes queda como está.',
    de: 'Sie können jeden Text noch einmal lesen und jede Zustimmung widerrufen. Das gilt von da an; was vorher geschah, bleibt, wie es ist.',
    fr: 'Vous pouvez relire chaque texte et retirer chacun de vos accords. Cela vaut à partir de ce moment ; ce qui a été fait avant reste tel quel.',
  },
  'consents.none': {
    en: 'What you signed appears here a moment after you sent your form.',
    es: 'Lo que firmó aparece aquí un momento después de enviar su formulario.',
    de: 'Was Sie unterschrieben haben, erscheint hier kurz nach dem Senden Ihres Formulars.',
    fr: 'Ce que vous avez signé apparaît ici un instant après l’envoi de votre formulaire.',
  },
  'consents.link': {
    en: 'Read it again, keep a copy, or take it back',
    es: 'Leerlo otra vez, guardar una copia o retirarlo',
    de: 'Noch einmal lesen, eine Kopie behalten oder widerrufen',
    fr: 'Relire, garder une copie ou retirer un accord',
  },
  'consents.back': { en: 'Back to your visit', es: 'Volver a su visita', de: 'Zurück zu Ihrem Termin', fr: 'Retour à votre rendez-vous' },
  'consents.receipt': {
    en: 'Keep a copy of what you signed (PDF)',
    es: 'Guardar una copia de lo que firmó (PDF)',
    de: 'Eine Kopie des Unterschriebenen behalten (PDF)',
    fr: 'Garder une copie de ce que vous avez signé (PDF)',
  },
  'consents.read': { en: 'Read the text', es: 'Leer el texto', de: 'Den Text lesen', fr: 'Lire le texte' },
  'consents.signed': { en: 'You agreed on {when}.', es: 'Usted aceptó el {when}.', de: 'Sie haben am {when} zugestimmt.', fr: 'Vous avez accepté le {when}.' },
  'consents.withdrawn': {
    en: 'You took this back on {when}.',
    es: 'Usted lo retiró el {when}.',
    de: 'Sie haben dies am {when} widerrufen.',
    fr: 'Vous avez retiré cet accord le {when}.',
  },
  'consents.withdraw': { en: 'Take this back', es: 'Retirar esto', de: 'Dies widerrufen', fr: 'Retirer cet accord' },
  'consents.sure': { en: 'Yes, take it back', es: 'Sí, retirarlo', de: 'Ja, widerrufen', fr: 'Oui, le retirer' },
  'consents.keep': { en: 'No, leave it', es: 'No, dejarlo', de: 'Nein, so lassen', fr: 'Non, le laisser' },
  'consents.saving': { en: 'Saving…', es: 'Guardando…', de: 'Wird gespeichert …', fr: 'Enregistrement…' },
  'consents.failed': {
    en: 'This could not be saved. Try again, or call {clinic} at {phone}.',
    es: 'No se pudo guardar. Inténtelo de nuevo o llame a {clinic} al {phone}.',
    de: 'Das konnte nicht gespeichert werden. Versuchen Sie es noch einmal, oder rufen Sie {clinic} unter {phone} an.',
    fr: 'Cela n’a pas pu être enregistré. Réessayez, ou appelez {clinic} au {phone}.',
  },
  'consents.without-script': {
    en: 'To take something back, call {clinic} at {phone}: this page cannot do it in your browser.',
    es: 'Para retirar algo, llame a {clinic} al {phone}: esta página no puede hacerlo en su navegador.',
    de: 'Um etwas zu widerrufen, rufen Sie {clinic} unter {phone} an: Diese Seite kann es in Ihrem Browser nicht.',
    fr: 'Pour retirer un accord, appelez {clinic} au {phone} : cette page ne peut pas le faire dans votre navigateur.',
  },
  'consents.before.treatment': {
    en: 'Without it the clinic cannot treat you. It is told at once and calls you.',
    es: 'Sin esto la clínica no puede atenderle. Se le avisa enseguida y le llama.',
    de: 'Ohne diese Einwilligung kann die Praxis Sie nicht behandeln. Sie erfährt es sofort und ruft Sie an.',
    fr: 'Sans cet accord, le cabinet ne peut pas vous soigner. Il est prévenu aussitôt et vous appelle.',
  },
  'consents.before.privacy-notice': {
    en: 'The clinic is told at once. What the law allows or demands of it stays possible, and your rights stay as they are.',
    es: 'Se avisa a la clínica enseguida. Lo que la ley le permite o le exige sigue siendo posible, y sus derechos no cambian.',
    de: 'Die Praxis erfährt es sofort. Was das Gesetz ihr erlaubt oder vorschreibt, bleibt möglich, und Ihre Rechte bleiben, wie sie sind.',
    fr: 'Le cabinet est prévenu aussitôt. Ce que la loi lui permet ou lui impose reste possible, et vos droits restent les mêmes.',
  },
  'consents.before.card-authorisation': {
    en: 'No new charge is begun with your card or bank account. The clinic is told at once, and asks you for another way to pay what is left.',
    es: 'No se inicia ningún cobro nuevo con su tarjeta o cuenta bancaria. Se avisa a la clínica enseguida, y le pedirá otra forma de pagar lo que quede.',
    de: 'Mit Ihrer Karte oder Ihrem Bankkonto wird keine neue Abbuchung begonnen. Die Praxis erfährt es sofort und fragt Sie, wie Sie das Übrige zahlen möchten.',
    fr: 'Aucun nouveau débit n’est lancé sur votre carte ou votre compte. Le cabinet est prévenu aussitôt et vous demande comment payer ce qui reste.',
  },
  'consents.before.electronic-signature': {
    en: 'What you signed stays signed. The clinic is told at once, and what comes after is on paper.',
    es: 'Lo que firmó sigue firmado. Se avisa a la clínica enseguida, y lo que venga después será en papel.',
    de: 'Was Sie unterschrieben haben, bleibt unterschrieben. Die Praxis erfährt es sofort, und alles Weitere kommt auf Papier.',
    fr: 'Ce que vous avez signé reste signé. Le cabinet est prévenu aussitôt, et la suite se fait sur papier.',
  },
  'consents.before.sms': {
    en: 'You get no more text messages from this clinic at this number, but for codes that you ask for.',
    es: 'No recibirá más mensajes de texto de esta clínica en este número, salvo los códigos que pida.',
    de: 'Sie bekommen von dieser Praxis keine SMS mehr an diese Nummer, außer Codes, die Sie anfordern.',
    fr: 'Vous ne recevez plus de SMS de ce cabinet à ce numéro, sauf les codes que vous demandez.',
  },
  'consents.before.telehealth': {
    en: 'The clinic is told at once and offers you a visit in person.',
    es: 'Se avisa a la clínica enseguida y le ofrece una visita en persona.',
    de: 'Die Praxis erfährt es sofort und bietet Ihnen einen Termin vor Ort an.',
    fr: 'Le cabinet est prévenu aussitôt et vous propose un rendez-vous sur place.',
  },

  'receipt.title': { en: 'What you signed', es: 'Lo que usted firmó', de: 'Was Sie unterschrieben haben', fr: 'Ce que vous avez signé' },
  'receipt.patient': { en: 'Patient', es: 'Paciente', de: 'Patientin oder Patient', fr: 'Patient ou patiente' },
  'receipt.signed-by': { en: 'Signed by', es: 'Firmado por', de: 'Unterschrieben von', fr: 'Signé par' },
  'receipt.signed-as': { en: 'Signed as', es: 'Firmado como', de: 'Unterschrieben als', fr: 'Signé en qualité de' },
  'receipt.as.self': { en: 'the patient', es: 'paciente', de: 'Patientin oder Patient', fr: 'patient ou patiente' },
  'receipt.as.parent': { en: 'a parent', es: 'madre o padre', de: 'Elternteil', fr: 'parent' },
  'receipt.as.guardian': { en: 'legal guardian', es: 'tutor legal', de: 'gesetzliche Vertretung', fr: 'représentant légal' },
  'receipt.as.other': {
    en: 'another person who may sign',
    es: 'otra persona que puede firmar',
    de: 'andere Person, die unterschreiben darf',
    fr: 'autre personne habilitée à signer',
  },
  'receipt.when': { en: 'Date and time', es: 'Fecha y hora', de: 'Datum und Uhrzeit', fr: 'Date et heure' },
  'receipt.how': { en: 'How', es: 'Cómo', de: 'Wie', fr: 'Comment' },
  'receipt.how-text': {
    en: 'By typing the name and sending the form',
    es: 'Escribiendo el nombre y enviando el formulario',
    de: 'Durch Eingabe des Namens und Senden des Formulars',
    fr: 'En tapant le nom et en envoyant le formulaire',
  },
  'receipt.how-method': {
    en: 'By ticking the text and leaving a card or account, behind the patient’s link',
    es: 'Marcando el texto y dejando una tarjeta o cuenta, en el enlace del paciente',
    de: 'Durch Ankreuzen des Textes und Hinterlegen einer Karte oder eines Kontos, über den Link der Patientin oder des Patienten',
    fr: 'En cochant le texte et en laissant une carte ou un compte, par le lien du patient ou de la patiente',
  },
  'receipt.later': {
    en: 'Agreed to after the form',
    es: 'Aceptado después del formulario',
    de: 'Nach dem Formular zugestimmt',
    fr: 'Accepté après le formulaire',
  },
  'receipt.drawn': { en: 'Drawn signature', es: 'Firma dibujada', de: 'Gezeichnete Unterschrift', fr: 'Signature dessinée' },
  'receipt.code': { en: 'Code typed from the text', es: 'Código escrito del texto', de: 'Aus dem Text eingegebener Code', fr: 'Code du texte saisi' },
  'receipt.address': { en: 'Internet address', es: 'Dirección de internet', de: 'Internetadresse', fr: 'Adresse internet' },
  'receipt.device': { en: 'Device', es: 'Dispositivo', de: 'Gerät', fr: 'Appareil' },
  'receipt.version': {
    en: 'Version {version}, {language}',
    es: 'Versión {version}, {language}',
    de: 'Fassung {version}, {language}',
    fr: 'Version {version}, {language}',
  },
  'receipt.hash': {
    en: 'Check sum of this text (SHA-256)',
    es: 'Suma de control de este texto (SHA-256)',
    de: 'Prüfsumme dieses Textes (SHA-256)',
    fr: 'Somme de contrôle de ce texte (SHA-256)',
  },
  'receipt.record': {
    en: 'Check sum of the signed record (SHA-256)',
    es: 'Suma de control del registro firmado (SHA-256)',
    de: 'Prüfsumme des unterschriebenen Datensatzes (SHA-256)',
    fr: 'Somme de contrôle de l’enregistrement signé (SHA-256)',
  },
  'receipt.page': { en: 'Page {page} of {pages}', es: 'Página {page} de {pages}', de: 'Seite {page} von {pages}', fr: 'Page {page} sur {pages}' },
} as const satisfies Record<string, Record<LanguageTag, string>>

/** What it means to take a consent back, said before it is done and kept beside it afterwards; complete by type. */
export const withdrawalMeans = {
  treatment: 'consents.before.treatment',
  'privacy-notice': 'consents.before.privacy-notice',
  'card-authorisation': 'consents.before.card-authorisation',
  'electronic-signature': 'consents.before.electronic-signature',
  sms: 'consents.before.sms',
  telehealth: 'consents.before.telehealth',
} as const satisfies Record<ConsentKind, keyof typeof consentMessages>
