import type { LanguageTag } from '../kit/index.ts'

/**
 * What patients read about where things stand, in every language, complete by type: a key without a language does not
 * compile. Each state says what happened, what it means for me, and what to do by when. `{name}` is filled by `fill`.
 */
const messages = {
  'page.title': { en: 'Your visit', es: 'Su visita' },
  'page.visit': { en: 'Visit', es: 'Visita' },
  'page.reference': { en: 'Reference', es: 'Referencia' },
  'page.updated': { en: 'Last change', es: 'Último cambio' },
  'page.keep': { en: 'Keep a copy', es: 'Guardar una copia' },
  'page.keep-how': {
    en: 'Print this page or save its address: it works until {until}.',
    es: 'Imprima esta página o guarde su dirección: funciona hasta el {until}.',
  },
  'page.language': { en: 'Language', es: 'Idioma' },
  'page.contact': { en: 'Questions? Call {clinic} at {phone}.', es: '¿Preguntas? Llame a {clinic} al {phone}.' },
  'page.open-form': { en: 'Continue the form', es: 'Continuar con el formulario' },
  'page.correct': { en: 'Put my details right', es: 'Corregir mis datos' },
  'page.live': { en: 'This page updates by itself.', es: 'Esta página se actualiza sola.' },
  'page.reload': { en: 'Reload this page to see what has changed.', es: 'Vuelva a cargar esta página para ver los cambios.' },

  'heading.done': { en: 'Thank you, that is everything', es: 'Gracias, eso es todo' },
  'heading.working': { en: 'Thank you. We are still checking a few things.', es: 'Gracias. Todavía estamos comprobando algunas cosas.' },
  'heading.needs-you': { en: 'There is something for you to do', es: 'Hay algo que usted debe hacer' },
  'heading.not-sent': { en: 'We do not have your form yet', es: 'Todavía no tenemos su formulario' },

  'heading.cancelled': { en: 'Your visit was cancelled', es: 'Su visita se canceló' },

  'visit.cancelled.what': { en: 'The visit on {visit} was cancelled.', es: 'La visita del {visit} se canceló.' },
  'visit.cancelled.meaning': {
    en: 'It does not take place, and you do not need to fill in anything for it.',
    es: 'No tendrá lugar, y no tiene que rellenar nada para ella.',
  },
  'visit.cancelled.todo': {
    en: 'Call {clinic} at {phone} for a new date, or if you did not expect this.',
    es: 'Llame a {clinic} al {phone} para pedir otra fecha, o si no esperaba esto.',
  },
  'visit.moved.what': { en: 'Your visit was moved to {visit}.', es: 'Su visita se cambió al {visit}.' },
  'visit.moved.meaning': {
    en: 'What you have sent goes with it. If this time does not suit you, call {clinic} at {phone}.',
    es: 'Lo que ha enviado sigue siendo válido. Si esta hora no le conviene, llame a {clinic} al {phone}.',
  },
  'visit.no-show.what': { en: 'You were expected on {visit} and did not come.', es: 'Le esperábamos el {visit} y no vino.' },
  'visit.no-show.meaning': { en: 'The visit has not taken place.', es: 'La visita no ha tenido lugar.' },
  'visit.no-show.todo': { en: 'Call {clinic} at {phone} for a new date.', es: 'Llame a {clinic} al {phone} para pedir otra fecha.' },

  'todo.nothing': { en: 'You do not need to do anything.', es: 'No tiene que hacer nada.' },

  'intake.submitted.what': { en: 'We have your form.', es: 'Tenemos su formulario.' },
  'intake.submitted.meaning': {
    en: 'What you sent is stored safely and {clinic} can prepare your visit.',
    es: 'Lo que envió está guardado de forma segura y {clinic} puede preparar su visita.',
  },
  'intake.open.what': { en: 'Your form has not been sent yet.', es: 'Su formulario todavía no se ha enviado.' },
  'intake.open.meaning': {
    en: 'Until then we cannot check your insurance or prepare your visit.',
    es: 'Hasta entonces no podemos comprobar su seguro ni preparar su visita.',
  },
  'intake.open.todo': { en: 'Please send the form before {visit}.', es: 'Envíe el formulario antes del {visit}.' },

  'insurance.checking.what': { en: 'We are asking your insurer.', es: 'Estamos consultando a su aseguradora.' },
  'insurance.checking.meaning': {
    en: 'The answer often comes within a minute and can take longer when your insurer is busy or closed.',
    es: 'La respuesta suele llegar en un minuto y puede tardar más si su aseguradora está ocupada o cerrada.',
  },
  'insurance.by-file.what': {
    en: 'Your insurer answers by file, usually by the next morning.',
    es: 'Su aseguradora responde por archivo, normalmente a la mañana siguiente.',
  },
  'insurance.by-file.meaning': {
    en: 'Over a weekend or a holiday it takes until the working day after. Your visit stays booked, and this page shows the answer as soon as it is here.',
    es: 'Si hay un fin de semana o un día festivo, tarda hasta el siguiente día laborable. Su visita sigue reservada, y esta página muestra la respuesta en cuanto llegue.',
  },
  'insurance.later.what': { en: 'Your insurer is not answering at the moment.', es: 'En este momento su aseguradora no responde.' },
  'insurance.later.meaning': {
    en: 'We will ask again by ourselves on {when}. Your visit stays booked.',
    es: 'Volveremos a preguntar por nuestra cuenta el {when}. Su visita sigue reservada.',
  },
  'insurance.provisional.what': { en: 'Your insurer says you are covered.', es: 'Su aseguradora dice que usted tiene cobertura.' },
  'insurance.provisional.meaning': {
    en: 'This answer came at a time or in a way that we do not rely on. We will check once more on {when}.',
    es: 'Esta respuesta llegó en un momento o de una forma en que no confiamos. Lo comprobaremos una vez más el {when}.',
  },
  'insurance.doubtful.what': {
    en: 'We do not have a reliable answer from your insurer yet.',
    es: 'Todavía no tenemos una respuesta fiable de su aseguradora.',
  },
  'insurance.doubtful.meaning': {
    en: 'We will ask again on {when}. Your visit stays booked.',
    es: 'Volveremos a preguntar el {when}. Su visita sigue reservada.',
  },
  'insurance.expired.what': { en: 'Your insurer said you are covered, some time ago.', es: 'Su aseguradora dijo hace un tiempo que usted tiene cobertura.' },
  'insurance.expired.meaning': {
    en: 'We will ask once more before your visit.',
    es: 'Preguntaremos una vez más antes de su visita.',
  },
  'insurance.changed.meaning': {
    en: 'This has changed since we last told you. Your plan is active on the day of your visit.',
    es: 'Esto ha cambiado desde la última vez que le informamos. Su plan está activo el día de su visita.',
  },
  'insurance.confirmed.what': { en: 'Your insurer says you are covered.', es: 'Su aseguradora dice que usted tiene cobertura.' },
  'insurance.confirmed.meaning': {
    en: 'Your plan is active on the day of your visit.',
    es: 'Su plan está activo el día de su visita.',
  },
  'insurance.inactive.what': { en: 'Your insurer says that this plan is not active.', es: 'Su aseguradora dice que este plan no está activo.' },
  'insurance.inactive.meaning': {
    en: 'Your visit stays booked, but you may have to pay for it yourself.',
    es: 'Su visita sigue reservada, pero es posible que deba pagarla usted.',
  },
  'insurance.changed-inactive.meaning': {
    en: 'This has changed since we last told you. Your visit stays booked, but you may have to pay for it yourself.',
    es: 'Esto ha cambiado desde la última vez que le informamos. Su visita sigue reservada, pero es posible que deba pagarla usted.',
  },
  'insurance.inactive.todo': {
    en: 'If you have another plan, call {clinic} at {phone} before {visit}.',
    es: 'Si tiene otro plan, llame a {clinic} al {phone} antes del {visit}.',
  },
  'insurance.needs-you.what': { en: 'Your insurer could not find you with these details.', es: 'Su aseguradora no pudo encontrarle con estos datos.' },
  'insurance.needs-you.meaning': {
    en: 'Your visit stays booked, but we cannot confirm your coverage yet.',
    es: 'Su visita sigue reservada, pero todavía no podemos confirmar su cobertura.',
  },
  'insurance.needs-you.todo': {
    en: 'Please have your insurance card at hand and put your details right, or call {clinic} at {phone} before {visit}.',
    es: 'Tenga a mano su tarjeta del seguro y corrija sus datos, o llame a {clinic} al {phone} antes del {visit}.',
  },
  'insurance.correct.what': {
    en: 'Your clinic asks you to look at your insurance details once more.',
    es: 'Su clínica le pide que revise otra vez los datos de su seguro.',
  },
  'insurance.correct.todo': {
    en: 'Please compare your details with your insurance card and put them right before {visit}. We then ask your insurer again.',
    es: 'Compare sus datos con su tarjeta del seguro y corríjalos antes del {visit}. Después volveremos a preguntar a su aseguradora.',
  },
  'insurance.with-our-team.what': {
    en: 'We have not been able to check with your insurer yet.',
    es: 'Todavía no hemos podido comprobarlo con su aseguradora.',
  },
  'insurance.with-our-team.meaning': {
    en: 'Our team is on it. If we need something from you, we will call you before your visit.',
    es: 'Nuestro equipo se está ocupando. Si necesitamos algo de usted, le llamaremos antes de su visita.',
  },
  'insurance.corrected.what': { en: 'Our team has checked your insurance by hand.', es: 'Nuestro equipo ha comprobado su seguro a mano.' },
  'insurance.corrected.meaning': {
    en: '{clinic} has the result. If it changes anything for you, they will call you before your visit.',
    es: '{clinic} tiene el resultado. Si cambia algo para usted, le llamarán antes de su visita.',
  },

  'method.requested.what': { en: 'We are putting your payment method on file.', es: 'Estamos registrando su forma de pago.' },
  'method.stored.what': { en: 'Your payment method is on file.', es: 'Su forma de pago está registrada.' },
  'method.needs-you.what': { en: 'Your bank wants you to approve your payment method.', es: 'Su banco le pide que apruebe su forma de pago.' },
  'method.declined.what': { en: 'Your bank did not accept this payment method.', es: 'Su banco no aceptó esta forma de pago.' },
  'method.declined.todo': {
    en: 'Bring a card, or another way to pay, to your visit on {visit}.',
    es: 'Traiga una tarjeta u otra forma de pago a su visita del {visit}.',
  },
  'method.with-our-team.what': {
    en: 'We have not been able to put your payment method on file yet.',
    es: 'Todavía no hemos podido registrar su forma de pago.',
  },
  'account.stored.what': { en: 'Your bank account is on file.', es: 'Su cuenta bancaria está registrada.' },
  'account.needs-you.what': { en: 'Your bank wants you to approve the use of your account.', es: 'Su banco le pide que apruebe el uso de su cuenta.' },
  'account.declined.what': { en: 'Your bank account could not be put on file.', es: 'No se pudo registrar su cuenta bancaria.' },
  'card.requested.meaning': { en: 'Nothing is charged now.', es: 'No se cobra nada ahora.' },
  'card.stored.what': { en: 'Your card is on file.', es: 'Su tarjeta está registrada.' },
  // It must stay true when something is charged to it later.
  'card.stored.meaning': { en: 'Keeping it on file costs you nothing.', es: 'Tenerla registrada no le cuesta nada.' },
  'card.needs-you.what': { en: 'Your bank wants you to approve your card.', es: 'Su banco le pide que apruebe su tarjeta.' },
  'card.needs-you.meaning': { en: 'Nothing has been charged. Your visit stays booked.', es: 'No se ha cobrado nada. Su visita sigue reservada.' },
  'card.needs-you.todo': {
    en: 'Please call {clinic} at {phone} before {visit}, or pay at the visit.',
    es: 'Llame a {clinic} al {phone} antes del {visit}, o pague en la visita.',
  },
  'card.confirm.todo': {
    en: 'Please confirm it on your bank’s own page before {visit}.',
    es: 'Confírmela en la página de su banco antes del {visit}.',
  },
  'page.confirm': { en: 'Confirm with my bank', es: 'Confirmar con mi banco' },
  'confirmed.title': { en: 'Thank you', es: 'Gracias' },
  'confirmed.text': {
    en: 'Go back to the page of your visit: it shows what your bank said. You can close this page.',
    es: 'Vuelva a la página de su visita: allí verá lo que dijo su banco. Puede cerrar esta página.',
  },
  'plan.title': { en: 'Your payment plan', es: 'Su plan de pago' },
  'plan.lead': {
    en: '{clinic} proposes to pay in parts. Nothing is charged before you agree.',
    es: '{clinic} le propone pagar en partes. No se cobra nada antes de que usted acepte.',
  },
  'plan.agree': { en: 'I agree to this plan', es: 'Acepto este plan' },
  'plan.agreed': { en: 'You agreed to this plan.', es: 'Usted aceptó este plan.' },
  'plan.failed': {
    en: 'This could not be saved. Reload this page and try again, or call {clinic} at {phone}.',
    es: 'No se pudo guardar. Vuelva a cargar esta página e inténtelo de nuevo, o llame a {clinic} al {phone}.',
  },
  'plan.without-script': {
    en: 'To agree, call {clinic} at {phone}: this page cannot do it in your browser.',
    es: 'Para aceptar, llame a {clinic} al {phone}: esta página no puede hacerlo en su navegador.',
  },
  'card.declined.what': { en: 'Your bank did not accept this card.', es: 'Su banco no aceptó esta tarjeta.' },
  'card.declined.meaning': { en: 'Nothing has been charged. Your visit stays booked.', es: 'No se ha cobrado nada. Su visita sigue reservada.' },
  'card.declined.todo': {
    en: 'Bring another card to your visit on {visit}.',
    es: 'Traiga otra tarjeta a su visita del {visit}.',
  },
  'card.with-our-team.meaning': {
    en: 'Our team is on it. Nothing has been charged.',
    es: 'Nuestro equipo se está ocupando. No se ha cobrado nada.',
  },

  'photos.checking.what': { en: 'We are checking your photos.', es: 'Estamos comprobando sus fotos.' },
  'photos.checking.meaning': { en: 'This usually takes less than a minute.', es: 'Normalmente tarda menos de un minuto.' },
  'photos.clean.what': { en: 'Your photos have been checked.', es: 'Sus fotos han sido comprobadas.' },
  'photos.clean.meaning': { en: 'The clinic can see them.', es: 'La clínica puede verlas.' },
  'photos.rejected.what': { en: 'We could not use one of your photos.', es: 'No pudimos usar una de sus fotos.' },
  'photos.rejected.meaning': { en: 'It will not be shown to anyone.', es: 'No se mostrará a nadie.' },
  'photos.rejected.todo': {
    en: 'Bring your insurance card to your visit on {visit}.',
    es: 'Traiga su tarjeta del seguro a su visita del {visit}.',
  },

  'tone.checking': { en: 'checking', es: 'en curso' },
  'tone.provisional': { en: 'provisional', es: 'provisional' },
  'tone.confirmed': { en: 'done', es: 'listo' },
  'tone.failed': { en: 'not accepted', es: 'no aceptado' },
  'tone.needs-someone': { en: 'needs someone', es: 'requiere atención' },

  'link.unknown.title': { en: 'This link does not work', es: 'Este enlace no funciona' },
  'link.unknown.text': {
    en: 'It may be incomplete. Open it again from the message you got, or call your clinic for a new one.',
    es: 'Puede estar incompleto. Ábralo de nuevo desde el mensaje que recibió o llame a su clínica para pedir otro.',
  },
  'link.ended.title': { en: 'This link has ended', es: 'Este enlace ha caducado' },
  'link.ended.text': { en: 'Please call your clinic for a new one.', es: 'Llame a su clínica para pedir otro.' },
  'failure.title': { en: 'Something went wrong on our side', es: 'Algo ha fallado por nuestra parte' },
  'failure.text': {
    en: 'Nothing you sent was lost. Please try again in a minute. If it happens again, call your clinic and say: {correlationId}',
    es: 'No se ha perdido nada de lo que envió. Inténtelo de nuevo en un minuto. Si vuelve a ocurrir, llame a su clínica y diga: {correlationId}',
  },
  'busy.title': { en: 'Too many requests', es: 'Demasiadas solicitudes' },
  'busy.text': { en: 'Please wait a minute and try again.', es: 'Espere un minuto e inténtelo de nuevo.' },
} as const satisfies Record<string, Record<LanguageTag, string>>

export type MessageKey = keyof typeof messages
export const messageKeys = Object.keys(messages) as [MessageKey, ...MessageKey[]]
export const languageNames = { en: 'English', es: 'Español' } as const satisfies Record<LanguageTag, string>

/** The words of one key with its values; a value that is missing is a bug, found by the test that fills every key. */
export function fill(key: MessageKey, language: LanguageTag, values: Readonly<Record<string, string>> = {}): string {
  return messages[key][language].replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`message ${key} needs {${name}}`)
    return value
  })
}
