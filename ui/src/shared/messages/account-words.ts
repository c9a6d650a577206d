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

const words: Record<LanguageTag | 'de' | 'fr', AccountWords> = {
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
  de: {
    handItem: 'eine Zahlungskarte oder den Zugang zu Ihrer US-Bank, wenn die Praxis eine Karte oder ein Bankkonto hinterlegen soll',
    section: 'Karte oder Bankkonto',
    optional: 'Nur wenn die Praxis eine Karte oder ein Bankkonto hinterlegen soll. Sie können es leer lassen und das Formular trotzdem senden.',
    card: {
      title: 'Eine Karte oder ein Bankkonto hinterlegen',
      lead: 'Jetzt wird nichts abgebucht. Die Praxis hinterlegt die Karte oder das Bankkonto für das, was Ihre Versicherung nicht bezahlt.',
      secure: 'Die Nummern gehen direkt an das Zahlungsunternehmen. Die Praxis sieht sie nie. Bei einem Bankkonto melden Sie sich bei Ihrer Bank an.',
      declinedTitle: 'Sie möchten weder Karte noch Bankkonto hinterlegen',
      changeMind: 'Ich möchte doch eine Karte oder ein Bankkonto hinterlegen',
      loading: 'Das Zahlungsformular wird geladen …',
      loadFailed: 'Das Zahlungsformular konnte nicht geladen werden. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut, oder fahren Sie ohne es fort.',
      without: 'Ohne Karte und Bankkonto fortfahren',
      keptText: 'Geprüft wird nach dem Senden des Formulars.',
      other: 'Andere Karte oder anderes Bankkonto verwenden',
      save: 'Verwenden und weiter',
    },
    check: { card: 'Karte oder Bankkonto', cardNo: 'Keines von beiden' },
    wrong: 'Füllen Sie die Karte aus oder wählen Sie das Bankkonto, oder fahren Sie ohne fort',
  },
  fr: {
    handItem: 'une carte de paiement, ou l’accès à votre banque aux États-Unis, si vous voulez que le cabinet garde une carte ou un compte bancaire',
    section: 'Carte ou compte bancaire',
    optional: 'Seulement si vous voulez que le cabinet garde une carte ou un compte bancaire. Vous pouvez le laisser vide et envoyer le formulaire.',
    card: {
      title: 'Une carte ou un compte bancaire enregistré',
      lead: 'Rien n’est débité maintenant. Le cabinet garde la carte ou le compte bancaire pour ce que votre assurance ne paie pas.',
      secure:
        'Les numéros vont directement à la société de paiement. Le cabinet ne les voit jamais. Avec un compte bancaire, vous vous connectez à votre banque.',
      declinedTitle: 'Vous avez choisi de n’enregistrer ni carte ni compte bancaire',
      changeMind: 'Je veux finalement enregistrer une carte ou un compte bancaire',
      loading: 'Chargement du formulaire de paiement…',
      loadFailed: 'Le formulaire de paiement n’a pas pu être chargé. Vérifiez votre connexion et réessayez, ou continuez sans lui.',
      without: 'Continuer sans carte ni compte bancaire',
      keptText: 'La vérification se fait après l’envoi du formulaire.',
      other: 'Utiliser une autre carte ou un autre compte bancaire',
      save: 'Utiliser et continuer',
    },
    check: { card: 'Carte ou compte bancaire', cardNo: 'Ni l’un ni l’autre' },
    wrong: 'Remplissez la carte ou choisissez le compte bancaire, ou continuez sans',
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
