import type { LanguageTag } from '../kit/index.ts'

/** What a patient reads of money beside the state of their card: a charge to confirm, another card that is asked for, a payment plan. */
export const moneyMessages = {
  'charge.confirm.what': {
    en: 'Your bank wants you to confirm a payment of {amount}.',
    es: 'Su banco le pide que confirme un pago de {amount}.',
    de: 'Ihre Bank möchte, dass Sie eine Zahlung von {amount} bestätigen.',
    fr: 'Votre banque vous demande de confirmer un paiement de {amount}.',
  },
  'charge.confirm.meaning': {
    en: 'Nothing has been charged. It is charged once, when you confirm it.',
    es: 'No se ha cobrado nada. Se cobra una sola vez, cuando usted lo confirme.',
    de: 'Es wurde nichts abgebucht. Abgebucht wird einmal, wenn Sie bestätigen.',
    fr: 'Rien n’a été débité. Le paiement est débité une seule fois, quand vous le confirmez.',
  },
  'charge.confirm.todo': {
    en: 'Please confirm it on your bank’s own page by {when}. You can also pay at {clinic}.',
    es: 'Tiene hasta el {when} para confirmarlo en la página de su banco. También puede pagar en {clinic}.',
    de: 'Bitte bestätigen Sie sie auf der Seite Ihrer Bank bis {when}. Sie können auch bei {clinic} bezahlen.',
    fr: 'Confirmez-le sur la page de votre banque avant le {when}. Vous pouvez aussi payer chez {clinic}.',
  },
  'page.confirm-charge': {
    en: 'Confirm the payment of {amount}',
    es: 'Confirmar el pago de {amount}',
    de: 'Zahlung von {amount} bestätigen',
    fr: 'Confirmer le paiement de {amount}',
  },
  'other-method.asked.what': {
    en: '{clinic} asks you for another card or account.',
    es: '{clinic} le pide otra tarjeta o cuenta.',
    de: '{clinic} bittet Sie um eine andere Karte oder ein anderes Konto.',
    fr: '{clinic} vous demande une autre carte ou un autre compte.',
  },
  'other-method.asked.meaning': {
    en: 'What you left before stays until the new one is on file. Leaving one costs you nothing.',
    es: 'La que dejó antes se mantiene hasta que la nueva esté registrada. Dejar una no le cuesta nada.',
    de: 'Was Sie vorher angegeben haben, bleibt, bis das Neue hinterlegt ist. Das Hinterlegen kostet Sie nichts.',
    fr: 'Ce que vous aviez laissé reste enregistré jusqu’à ce que le nouveau le soit. L’enregistrement ne vous coûte rien.',
  },
  'other-method.asked.todo': {
    en: 'Leave another one here, or call {clinic} at {phone}.',
    es: 'Deje otra aquí, o llame a {clinic} al {phone}.',
    de: 'Hinterlegen Sie hier etwas anderes, oder rufen Sie {clinic} unter {phone} an.',
    fr: 'Laissez-en une autre ici, ou appelez {clinic} au {phone}.',
  },
  'other-method.checking.what': {
    en: 'We are putting your new card or account on file.',
    es: 'Estamos registrando su nueva tarjeta o cuenta.',
    de: 'Wir hinterlegen Ihre neue Karte oder Ihr neues Konto.',
    fr: 'Nous enregistrons votre nouvelle carte ou votre nouveau compte.',
  },
  'other-method.confirm.what': {
    en: 'Your bank wants you to approve your new card.',
    es: 'Su banco le pide que apruebe su nueva tarjeta.',
    de: 'Ihre Bank möchte, dass Sie Ihre neue Karte freigeben.',
    fr: 'Votre banque vous demande d’approuver votre nouvelle carte.',
  },
  'other-method.declined.what': {
    en: 'Your bank did not accept the new card or account.',
    es: 'Su banco no aceptó la nueva tarjeta o cuenta.',
    de: 'Ihre Bank hat die neue Karte oder das neue Konto nicht angenommen.',
    fr: 'Votre banque n’a pas accepté la nouvelle carte ou le nouveau compte.',
  },
  'page.leave-method': {
    en: 'Leave another card or account',
    es: 'Dejar otra tarjeta o cuenta',
    de: 'Andere Karte oder anderes Konto hinterlegen',
    fr: 'Laisser une autre carte ou un autre compte',
  },
  'other-method.failed': {
    en: 'This could not be saved. Try again in a moment, or call {clinic} at {phone}.',
    es: 'No se pudo guardar. Inténtelo de nuevo en un momento, o llame a {clinic} al {phone}.',
    de: 'Das konnte nicht gespeichert werden. Versuchen Sie es gleich noch einmal, oder rufen Sie {clinic} unter {phone} an.',
    fr: 'L’enregistrement a échoué. Réessayez dans un instant, ou appelez {clinic} au {phone}.',
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
  'plan.expired.what': {
    en: 'The payment plan that {clinic} proposed is over.',
    es: 'El plan de pago que {clinic} le propuso ya no es válido.',
    de: 'Der Zahlungsplan, den {clinic} vorgeschlagen hat, gilt nicht mehr.',
    fr: 'Le plan de paiement proposé par {clinic} n’est plus valable.',
  },
  'plan.expired.meaning': {
    en: 'Its first day passed before you agreed, so nothing of it is charged. If you still want to pay in parts, call {clinic} at {phone}.',
    es: 'Su primer día pasó antes de que usted lo aceptara, así que no se cobra nada de él. Si aún quiere pagar en partes, llame a {clinic} al {phone}.',
    de: 'Sein erster Tag verging, bevor Sie zugestimmt haben; es wird nichts davon abgebucht. Wenn Sie weiterhin in Teilen zahlen möchten, rufen Sie {clinic} unter {phone} an.',
    fr: 'Son premier jour est passé avant votre accord : rien n’en est débité. Si vous voulez toujours payer en plusieurs fois, appelez {clinic} au {phone}.',
  },
} as const satisfies Record<string, Record<LanguageTag, string>>
