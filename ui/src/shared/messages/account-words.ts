import type { LanguageTag } from '@heliox/core/kit'
import type { PatientMessages } from './en.ts'

/** What a patient reads otherwise where the clinic takes US bank accounts beside cards. A key that is not here reads the same. */
interface AccountWords {
  handItem: string
  section: string
  optional: string
  card: Partial<PatientMessages['card']>
  check: Pick<PatientMessages['check'], 'card' | 'cardNo'>
  wrong: string
}

const words: Record<LanguageTag, AccountWords> = {
  en: {
    handItem: 'a payment card, or the sign-in of your US bank, if you want the clinic to keep a card or a bank account',
    section: 'Card or bank account',
    optional: 'Only if you want the clinic to keep a card or a bank account. You can leave it empty and still send the form.',
    card: {
      title: 'A card or bank account on file',
      lead: 'Nothing is charged now. The clinic keeps the card or bank account for what your insurance does not pay.',
      secure: 'The numbers go straight to the payment company. The clinic never sees them. With a bank account, you sign in at your bank.',
      declinedTitle: 'You chose not to keep a card or bank account',
      changeMind: 'I want to keep a card or bank account after all',
      loading: 'Loading the payment form…',
      loadFailed: 'The payment form could not be loaded. Check your connection and try again, or go on without it.',
      without: 'Go on without a card or bank account',
      keptText: 'It is checked after you send the form.',
      other: 'Use another card or bank account',
      save: 'Use this and continue',
    },
    check: { card: 'Card or bank account', cardNo: 'Neither' },
    wrong: 'Fill in the card or choose the bank account, or go on without',
  },
  es: {
    handItem: 'una tarjeta de pago, o el acceso a su banco en EE. UU., si quiere que la clínica guarde una tarjeta o una cuenta bancaria',
    section: 'Tarjeta o cuenta bancaria',
    optional: 'Solo si quiere que la clínica guarde una tarjeta o una cuenta bancaria. Puede dejarlo vacío y enviar el formulario.',
    card: {
      title: 'Una tarjeta o cuenta bancaria guardada',
      lead: 'No se cobra nada ahora. La clínica guarda la tarjeta o la cuenta bancaria para lo que su seguro no pague.',
      secure: 'Los números van directo a la empresa de pagos. La clínica nunca los ve. Con una cuenta bancaria, usted entra en la página de su banco.',
      declinedTitle: 'Eligió no guardar una tarjeta ni una cuenta bancaria',
      changeMind: 'Sí quiero guardar una tarjeta o una cuenta bancaria',
      loading: 'Cargando el formulario de pago…',
      loadFailed: 'No se pudo cargar el formulario de pago. Revise su conexión e intente de nuevo, o siga sin él.',
      without: 'Seguir sin tarjeta ni cuenta bancaria',
      keptText: 'Se verifica después de que envíe el formulario.',
      other: 'Usar otra tarjeta o cuenta bancaria',
      save: 'Usar esto y seguir',
    },
    check: { card: 'Tarjeta o cuenta bancaria', cardNo: 'Ninguna' },
    wrong: 'Llene la tarjeta o elija la cuenta bancaria, o siga sin ellas',
  },
}

/** The catalogue of a clinic that takes bank accounts too. */
export function withAccounts(text: PatientMessages): PatientMessages {
  const w = words[text.tag]
  const { start, consents, card, check, wrong } = text
  return {
    ...text,
    start: { ...start, handItems: [...start.handItems.slice(0, -1), w.handItem], sections: { ...start.sections, card: w.section } },
    consents: { ...consents, optionalCard: w.optional },
    card: { ...card, ...w.card },
    check: { ...check, ...w.check },
    wrong: { ...wrong, card: w.wrong },
  }
}
