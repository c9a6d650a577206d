import type { LanguageTag } from '../kit/index.ts'

/** What a patient reads of what they pay with: a card, a bank account, or (`method`) either, and what is true of all of them (`card.…meaning`). */
export const methodMessages = {
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
  // It must stay true when something is charged to it later, and of a card as of an account.
  'card.stored.meaning': {
    en: 'Keeping it on file costs you nothing.',
    es: 'El registro no le cuesta nada.',
    de: 'Das Hinterlegen kostet Sie nichts.',
    fr: 'L’enregistrement ne vous coûte rien.',
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
    de: 'Bitte rufen Sie {clinic} vor Ihrem Termin am {visit} unter {phone} an, oder zahlen Sie beim Termin.',
    fr: 'Appelez {clinic} au {phone} avant le {visit}, ou payez lors du rendez-vous.',
  },
  'card.confirm.todo': {
    en: 'Please confirm it on your bank’s own page before {visit}.',
    es: 'Confírmela en la página de su banco antes del {visit}.',
    de: 'Bitte bestätigen Sie es vor Ihrem Termin am {visit} auf der Seite Ihrer Bank.',
    fr: 'Confirmez-le sur la page de votre banque avant le {visit}.',
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
} as const satisfies Record<string, Record<LanguageTag, string>>
