import type { PaperParts } from '../../client.gen.ts'

export type PaperLanguage = PaperParts['languages'][number]

interface PaperWords {
  title: string
  lead: string
  visit: string
  about: string
  givenName: string
  familyName: string
  birthDate: string
  sex: string
  phone: string
  email: string
  address: string
  addressOutsideUs: string
  insurance: string
  insurer: string
  memberId: string
  groupNumber: string
  nameOnCard: string
  second: string
  guardian: string
  guardianHint: string
  yes: string
  no: string
  consents: string
  agree: string
  sign: string
  signName: string
  signature: string
  date: string
  card: string
}

/** What is printed for a patient to fill in by hand. */
export const paperWords: Readonly<Record<PaperLanguage, PaperWords>> = {
  en: {
    title: 'Before your visit',
    lead: 'Please fill this in by hand, in capital letters, and give it back at the front desk with your insurance card.',
    visit: 'Your visit',
    about: 'About you',
    givenName: 'First name',
    familyName: 'Last name',
    birthDate: 'Date of birth',
    sex: 'Sex on your insurance plan',
    phone: 'Phone',
    email: 'Email',
    address: 'Street, city, state and ZIP code',
    addressOutsideUs: 'Street, postal code, town and country',
    insurance: 'Insurance',
    insurer: 'Insurance company',
    memberId: 'Member ID',
    groupNumber: 'Group number',
    nameOnCard: 'Name on the card, if it differs',
    second: 'A second insurance: company and member ID',
    guardian: 'If the patient is under 18: who signs',
    guardianHint: 'Name, and whether you are a parent or a guardian',
    yes: 'Yes',
    no: 'No',
    consents: 'What you agree to',
    agree: 'I agree',
    sign: 'Signature',
    signName: 'Name in capital letters',
    signature: 'Signature',
    date: 'Date',
    card: 'Do not write the number of a payment card on this paper. The front desk takes your card in person.',
  },
  es: {
    title: 'Antes de su visita',
    lead: 'Rellene este formulario a mano, en mayúsculas, y entréguelo en la recepción con su tarjeta del seguro.',
    visit: 'Su visita',
    about: 'Sobre usted',
    givenName: 'Nombre',
    familyName: 'Apellidos',
    birthDate: 'Fecha de nacimiento',
    sex: 'Sexo que figura en su seguro',
    phone: 'Teléfono',
    email: 'Correo electrónico',
    address: 'Calle, ciudad, estado y código postal',
    addressOutsideUs: 'Calle, código postal, ciudad y país',
    insurance: 'Seguro',
    insurer: 'Compañía de seguros',
    memberId: 'Número de afiliado',
    groupNumber: 'Número de grupo',
    nameOnCard: 'Nombre en la tarjeta, si es distinto',
    second: 'Un segundo seguro: compañía y número de afiliado',
    guardian: 'Si el paciente es menor de 18 años: quién firma',
    guardianHint: 'Nombre, y si es madre, padre o tutor',
    yes: 'Sí',
    no: 'No',
    consents: 'Lo que usted acepta',
    agree: 'Acepto',
    sign: 'Firma',
    signName: 'Nombre en mayúsculas',
    signature: 'Firma',
    date: 'Fecha',
    card: 'No escriba en este papel el número de una tarjeta de pago. La recepción toma su tarjeta en persona.',
  },
  de: {
    title: 'Vor Ihrem Termin',
    lead: 'Bitte füllen Sie dieses Blatt von Hand in Druckbuchstaben aus und geben Sie es mit Ihrer Versicherungskarte am Empfang ab.',
    visit: 'Ihr Termin',
    about: 'Über Sie',
    givenName: 'Vorname',
    familyName: 'Nachname',
    birthDate: 'Geburtsdatum',
    sex: 'Geschlecht laut Versicherung',
    phone: 'Telefon',
    email: 'E-Mail',
    address: 'Straße, Ort, Bundesstaat und Postleitzahl',
    addressOutsideUs: 'Straße, Postleitzahl, Ort und Land',
    insurance: 'Versicherung',
    insurer: 'Versicherung (Name)',
    memberId: 'Versichertennummer',
    groupNumber: 'Gruppennummer',
    nameOnCard: 'Name auf der Karte, falls er anders lautet',
    second: 'Eine zweite Versicherung: Name und Versichertennummer',
    guardian: 'Wenn die Patientin oder der Patient unter 18 ist: Wer unterschreibt?',
    guardianHint: 'Name, und ob Sie Elternteil oder Vormund sind',
    yes: 'Ja',
    no: 'Nein',
    consents: 'Wozu Sie einwilligen',
    agree: 'Ich willige ein',
    sign: 'Unterschrift',
    signName: 'Name in Druckbuchstaben',
    signature: 'Unterschrift',
    date: 'Datum',
    card: 'Schreiben Sie keine Nummer einer Zahlungskarte auf dieses Blatt. Der Empfang nimmt Ihre Karte persönlich entgegen.',
  },
  fr: {
    title: 'Avant votre visite',
    lead: 'Veuillez remplir ce formulaire à la main, en majuscules, et le remettre à l’accueil avec votre carte d’assurance.',
    visit: 'Votre visite',
    about: 'À propos de vous',
    givenName: 'Prénom',
    familyName: 'Nom',
    birthDate: 'Date de naissance',
    sex: 'Sexe indiqué à votre assurance',
    phone: 'Téléphone',
    email: 'E-mail',
    address: 'Rue, ville, État et code postal',
    addressOutsideUs: 'Rue, code postal, ville et pays',
    insurance: 'Assurance',
    insurer: 'Compagnie d’assurance',
    memberId: 'Numéro d’assuré',
    groupNumber: 'Numéro de groupe',
    nameOnCard: 'Nom sur la carte, s’il est différent',
    second: 'Une deuxième assurance : compagnie et numéro d’assuré',
    guardian: 'Si le patient a moins de 18 ans : qui signe',
    guardianHint: 'Nom, et si vous êtes parent ou tuteur',
    yes: 'Oui',
    no: 'Non',
    consents: 'Ce que vous acceptez',
    agree: 'J’accepte',
    sign: 'Signature',
    signName: 'Nom en majuscules',
    signature: 'Signature',
    date: 'Date',
    card: 'N’écrivez pas de numéro de carte de paiement sur ce papier. L’accueil prend votre carte en personne.',
  },
}
