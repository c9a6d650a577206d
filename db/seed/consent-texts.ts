import type { ConsentText } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'

/** Our own words, for the demo clinics. A real clinic brings its counsel's. `n` ends the text's id. */
type Draft = Pick<ConsentText, 'kind' | 'language' | 'title' | 'body'> & { n: number }

const drafts: readonly Draft[] = [
  {
    n: 1,
    kind: 'treatment',
    language: 'en',
    title: 'Consent to care',
    body: 'I agree to be examined and treated by the clinic for the reason of my visit. I can ask questions at any time, and I can say no to any part of my care.',
  },
  {
    n: 2,
    kind: 'privacy-notice',
    language: 'en',
    title: 'How we use your information',
    body: 'The clinic told me how it uses and shares my health information for treatment, payment and running the clinic, and how I can see it, correct it or complain. I can ask for a printed copy.',
  },
  {
    n: 9,
    kind: 'card-authorisation',
    language: 'en',
    title: 'Keeping a card or bank account on file',
    body: 'I allow the clinic to keep, with its payment company, the payment card or the US bank account that I choose in this form. I authorise the clinic to charge that card, or to debit that bank account electronically (ACH), for what my insurance leaves for me to pay for this visit. The clinic tells me the amount first. Nothing is charged or debited today. This holds until I take it back, which I can do in writing at any time before a payment is made.',
  },
  {
    n: 4,
    kind: 'electronic-signature',
    language: 'en',
    title: 'Signing on a screen',
    body: 'I agree to sign on this device in place of paper. I can ask for paper forms instead, and I can have a copy of everything I sign.',
  },
  {
    n: 5,
    kind: 'treatment',
    language: 'es',
    title: 'Consentimiento para la atención',
    body: 'Acepto que la clínica me examine y me trate por el motivo de mi visita. Puedo hacer preguntas en cualquier momento y puedo rechazar cualquier parte de la atención.',
  },
  {
    n: 6,
    kind: 'privacy-notice',
    language: 'es',
    title: 'Cómo usamos su información',
    body: 'La clínica me explicó cómo usa y comparte mi información de salud para el tratamiento, el pago y su funcionamiento, y cómo puedo verla, corregirla o presentar una queja. Puedo pedir una copia impresa.',
  },
  {
    n: 10,
    kind: 'card-authorisation',
    language: 'es',
    title: 'Guardar una tarjeta o una cuenta bancaria',
    body: 'Permito que la clínica guarde, con su empresa de pagos, la tarjeta o la cuenta bancaria de EE. UU. que elijo en este formulario. Autorizo a la clínica a cobrar en esa tarjeta, o a debitar electrónicamente (ACH) de esa cuenta, lo que mi seguro deje a mi cargo por esta visita. La clínica me dice antes el importe. Hoy no se cobra ni se debita nada. Este permiso vale hasta que lo retire por escrito, lo que puedo hacer en cualquier momento antes de un pago.',
  },
  {
    n: 8,
    kind: 'electronic-signature',
    language: 'es',
    title: 'Firmar en pantalla',
    body: 'Acepto firmar en este dispositivo en lugar de hacerlo en papel. Puedo pedir los formularios en papel y recibir una copia de todo lo que firme.',
  },
  {
    n: 11,
    kind: 'treatment',
    language: 'de',
    title: 'Einwilligung in die Behandlung',
    body: 'Ich willige ein, wegen des Grundes meines Termins von der Praxis untersucht und behandelt zu werden. Ich kann jederzeit Fragen stellen und jeden Teil meiner Behandlung ablehnen.',
  },
  {
    n: 12,
    kind: 'privacy-notice',
    language: 'de',
    title: 'Wie wir Ihre Angaben verwenden',
    body: 'Die Praxis hat mir gesagt, wie sie meine Gesundheitsdaten für Behandlung, Abrechnung und ihren Betrieb verwendet und weitergibt, und wie ich sie einsehen, berichtigen oder mich beschweren kann. Ich kann einen Ausdruck verlangen.',
  },
  {
    n: 13,
    kind: 'card-authorisation',
    language: 'de',
    title: 'Eine Karte hinterlegen',
    body: 'Ich erlaube der Praxis, meine Zahlungskarte bei ihrem Zahlungsunternehmen zu hinterlegen und von ihr abzubuchen, was meine Versicherung für diesen Termin mir zu zahlen überlässt. Die Praxis nennt mir vorher den Betrag. Heute wird nichts abgebucht. Das gilt, bis ich es widerrufe; das kann ich jederzeit vor einer Zahlung schriftlich tun.',
  },
  {
    n: 14,
    kind: 'electronic-signature',
    language: 'de',
    title: 'Am Bildschirm unterschreiben',
    body: 'Ich bin einverstanden, auf diesem Gerät statt auf Papier zu unterschreiben. Ich kann stattdessen Papierformulare verlangen und von allem, was ich unterschreibe, eine Kopie bekommen.',
  },
  {
    n: 15,
    kind: 'treatment',
    language: 'fr',
    title: 'Consentement aux soins',
    body: 'J’accepte d’être examiné et soigné par le cabinet pour le motif de mon rendez-vous. Je peux poser des questions à tout moment et refuser n’importe quelle partie des soins.',
  },
  {
    n: 16,
    kind: 'privacy-notice',
    language: 'fr',
    title: 'Comment nous utilisons vos informations',
    body: 'Le cabinet m’a dit comment il utilise et partage mes informations de santé pour les soins, le paiement et son fonctionnement, et comment je peux les consulter, les corriger ou déposer une plainte. Je peux demander un exemplaire imprimé.',
  },
  {
    n: 17,
    kind: 'card-authorisation',
    language: 'fr',
    title: 'Enregistrer une carte',
    body: 'J’autorise le cabinet à garder ma carte de paiement auprès de sa société de paiement et à débiter ce que mon assurance laisse à ma charge pour ce rendez-vous. Le cabinet m’indique d’abord le montant. Rien n’est débité aujourd’hui. Cela vaut jusqu’à ce que je le retire, ce que je peux faire par écrit à tout moment avant un paiement.',
  },
  {
    n: 18,
    kind: 'electronic-signature',
    language: 'fr',
    title: 'Signer à l’écran',
    body: 'J’accepte de signer sur cet appareil au lieu de signer sur papier. Je peux demander des formulaires papier à la place, et recevoir une copie de tout ce que je signe.',
  },
]

const idOf = (n: number): string => `018f3c00-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`

/** Words of before, which spoke of a card only. Who signed them signed them; nobody signs them any more. */
export const formerConsentTextIds: readonly string[] = [3, 7].map(idOf)

/** The hash covers title and body: what a person saw is what a signature binds to. */
export const demoConsentTexts: readonly ConsentText[] = drafts.map(({ n, ...text }) => ({
  id: idOf(n),
  ...text,
  sha256: sha256Hex(`${text.title}\n\n${text.body}`),
}))
