import type { ConsentText } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'

/** Our own words, for the demo clinics. A real clinic brings its counsel's. `n` ends the text's id. */
type Draft = Pick<ConsentText, 'kind' | 'language' | 'title' | 'body'> & { n: number; version?: number }

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
    version: 2,
    kind: 'card-authorisation',
    language: 'en',
    title: 'Keeping a card or bank account on file',
    body: 'I allow the clinic to keep, with its payment company, the payment card or the US bank account that I choose in this form. I authorise the clinic to charge that card, or to debit that bank account electronically (ACH), for what my insurance leaves for me to pay for this visit. The clinic tells me the amount first. Nothing is charged or debited today. This holds until I take it back, which I can do in writing at any time before a payment is made.',
  },
  {
    n: 19,
    version: 2,
    kind: 'electronic-signature',
    language: 'en',
    title: 'Signing on a screen',
    body: `I agree to sign on this device in place of paper, and to get what I sign in electronic form. This is for the forms of this visit.

I can ask the clinic for paper forms instead, at no cost. I can take this agreement back at any time, on the page of my visit or by calling the clinic; what I signed before stays signed, and what comes after is on paper. I can have a copy of everything I sign: on the page of my visit, as a PDF, or on paper from the clinic, at no cost. I tell the clinic when my phone number or e-mail address changes.

To read and keep what I sign I need a phone or computer with a current web browser, and to keep it as a PDF a program that opens PDF files. To show that I can read these pages on this device, I type this code below: {code}`,
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
    version: 2,
    kind: 'card-authorisation',
    language: 'es',
    title: 'Guardar una tarjeta o una cuenta bancaria',
    body: 'Permito que la clínica guarde, con su empresa de pagos, la tarjeta o la cuenta bancaria de EE. UU. que elijo en este formulario. Autorizo a la clínica a cobrar en esa tarjeta, o a debitar electrónicamente (ACH) de esa cuenta, lo que mi seguro deje a mi cargo por esta visita. La clínica me dice antes el importe. Hoy no se cobra ni se debita nada. Este permiso vale hasta que lo retire por escrito, lo que puedo hacer en cualquier momento antes de un pago.',
  },
  {
    n: 20,
    version: 2,
    kind: 'electronic-signature',
    language: 'es',
    title: 'Firmar en pantalla',
    body: `Acepto firmar en este dispositivo en lugar de hacerlo en papel, y recibir en forma electrónica lo que firme. Esto vale para los formularios de esta visita.

Puedo pedir a la clínica los formularios en papel, sin costo. Puedo retirar este acuerdo en cualquier momento, en la página de mi visita o llamando a la clínica; lo que firmé antes sigue firmado, y lo que venga después será en papel. Puedo tener una copia de todo lo que firme: en la página de mi visita, como PDF, o en papel en la clínica, sin costo. Aviso a la clínica si cambia mi teléfono o mi correo electrónico.

Para leer y guardar lo que firmo necesito un teléfono o una computadora con un navegador actual y, para guardarlo como PDF, un programa que abra archivos PDF. Para mostrar que puedo leer estas páginas en este dispositivo, escribo abajo este código: {code}`,
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
    title: 'Eine Karte oder ein Bankkonto hinterlegen',
    body: 'Ich erlaube der Praxis, die Zahlungskarte oder das US-Bankkonto, das ich in diesem Formular wähle, bei ihrem Zahlungsunternehmen zu hinterlegen. Ich ermächtige die Praxis, von dieser Karte abzubuchen oder von diesem Konto elektronisch (ACH) einzuziehen, was meine Versicherung für diesen Termin mir zu zahlen überlässt. Die Praxis nennt mir vorher den Betrag. Heute wird nichts abgebucht oder eingezogen. Das gilt, bis ich es widerrufe; das kann ich jederzeit vor einer Zahlung schriftlich tun.',
  },
  {
    n: 29,
    version: 2,
    kind: 'electronic-signature',
    language: 'de',
    title: 'Am Bildschirm unterschreiben',
    body: `Ich bin einverstanden, auf diesem Gerät statt auf Papier zu unterschreiben und das, was ich unterschreibe, elektronisch zu erhalten. Das gilt für die Formulare dieses Termins.

Ich kann die Praxis stattdessen kostenlos um Papierformulare bitten. Ich kann dieses Einverständnis jederzeit widerrufen, auf der Seite meines Termins oder mit einem Anruf in der Praxis; was ich vorher unterschrieben habe, bleibt unterschrieben, und alles Weitere kommt auf Papier. Von allem, was ich unterschreibe, kann ich eine Kopie haben: auf der Seite meines Termins, als PDF oder kostenlos auf Papier in der Praxis. Wenn sich meine Telefonnummer oder E-Mail-Adresse ändert, sage ich es der Praxis.

Um zu lesen und zu behalten, was ich unterschreibe, brauche ich ein Telefon oder einen Computer mit einem aktuellen Browser und für das PDF ein Programm, das PDF-Dateien öffnet. Um zu zeigen, dass ich diese Seiten auf diesem Gerät lesen kann, gebe ich unten diesen Code ein: {code}`,
  },
  {
    n: 31,
    version: 2,
    kind: 'treatment',
    language: 'fr',
    title: 'Consentement aux soins',
    body: 'J’accepte que le cabinet m’examine et me soigne pour le motif de mon rendez-vous. Je peux poser des questions à tout moment et refuser n’importe quelle partie des soins.',
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
    title: 'Enregistrer une carte ou un compte bancaire',
    body: 'J’autorise le cabinet à garder, auprès de sa société de paiement, la carte de paiement ou le compte bancaire américain que je choisis dans ce formulaire. J’autorise le cabinet à débiter cette carte, ou à prélever électroniquement (ACH) sur ce compte, ce que mon assurance laisse à ma charge pour ce rendez-vous. Le cabinet m’indique d’abord le montant. Rien n’est débité ni prélevé aujourd’hui. Cela vaut jusqu’à ce que je le retire, ce que je peux faire par écrit à tout moment avant un paiement.',
  },
  {
    n: 30,
    version: 2,
    kind: 'electronic-signature',
    language: 'fr',
    title: 'Signer à l’écran',
    body: `J’accepte de signer sur cet appareil au lieu de signer sur papier, et de recevoir sous forme électronique ce que je signe. Cela vaut pour les formulaires de ce rendez-vous.

Je peux demander au cabinet des formulaires papier à la place, sans frais. Je peux retirer cet accord à tout moment, sur la page de mon rendez-vous ou en appelant le cabinet ; ce que j’ai signé avant reste signé, et la suite se fait sur papier. Je peux avoir une copie de tout ce que je signe : sur la page de mon rendez-vous, en PDF, ou sur papier au cabinet, sans frais. Je préviens le cabinet si mon numéro de téléphone ou mon adresse e-mail change.

Pour lire et garder ce que je signe, il me faut un téléphone ou un ordinateur avec un navigateur récent et, pour le PDF, un programme qui ouvre les fichiers PDF. Pour montrer que je peux lire ces pages sur cet appareil, je saisis ce code ci-dessous : {code}`,
  },
  {
    n: 21,
    kind: 'sms',
    language: 'en',
    title: 'Text messages about this visit',
    body: 'I agree that the clinic sends text messages about this visit to my mobile phone: the link to this form, reminders and changes, at most six for one visit. Messages name no illness and no treatment. My carrier may charge for messages and data. I do not have to agree to be treated. I can stop them at any time: by answering STOP, on the page of my visit, or by calling the clinic.',
  },
  {
    n: 22,
    kind: 'sms',
    language: 'es',
    title: 'Mensajes de texto sobre esta visita',
    body: 'Acepto que la clínica envíe mensajes de texto sobre esta visita a mi teléfono celular: el enlace de este formulario, recordatorios y cambios, seis como máximo por visita. Los mensajes no nombran enfermedades ni tratamientos. Mi operador puede cobrar mensajes y datos. No tengo que aceptar para que me atiendan. Puedo detenerlos en cualquier momento: respondiendo STOP, en la página de mi visita o llamando a la clínica.',
  },
  {
    n: 23,
    kind: 'sms',
    language: 'de',
    title: 'Kurznachrichten zu diesem Termin',
    body: 'Ich willige ein, dass die Praxis mir zu diesem Termin Kurznachrichten (SMS) auf mein Mobiltelefon schickt: den Link zu diesem Formular, Erinnerungen und Änderungen, höchstens sechs für einen Termin. Sie nennen weder Krankheit noch Behandlung. Ich muss nicht einwilligen, um behandelt zu werden. Ich kann sie jederzeit beenden: mit der Antwort STOP, auf der Seite meines Termins oder mit einem Anruf in der Praxis.',
  },
  {
    n: 32,
    version: 2,
    kind: 'sms',
    language: 'fr',
    title: 'SMS au sujet de ce rendez-vous',
    body: 'J’accepte que le cabinet m’envoie des SMS au sujet de ce rendez-vous sur mon téléphone portable : le lien de ce formulaire, des rappels et des changements, six au plus pour un rendez-vous. Ils ne nomment ni maladie ni traitement. Je n’ai pas besoin d’accepter pour recevoir des soins. Je peux les arrêter à tout moment : en répondant STOP, sur la page de mon rendez-vous ou en appelant le cabinet.',
  },
  {
    n: 25,
    kind: 'telehealth',
    language: 'en',
    title: 'A visit by video',
    body: 'If my visit takes place by video, I agree to be examined and advised that way. I know that some things cannot be examined by video, that the connection can fail, and that I can ask for a visit in person at any time. The visit is not recorded. I choose a place where nobody listens whom I do not want to.',
  },
  {
    n: 26,
    kind: 'telehealth',
    language: 'es',
    title: 'Una visita por video',
    body: 'Si mi visita se hace por video, acepto que me examinen y me aconsejen de esa forma. Sé que algunas cosas no se pueden examinar por video, que la conexión puede fallar y que puedo pedir una visita en persona en cualquier momento. La visita no se graba. Elijo un lugar donde no escuche nadie que yo no quiera.',
  },
  {
    n: 27,
    kind: 'telehealth',
    language: 'de',
    title: 'Ein Termin per Video',
    body: 'Wenn mein Termin per Video stattfindet, willige ich ein, so untersucht und beraten zu werden. Ich weiß, dass manches nicht per Video untersucht werden kann, dass die Verbindung ausfallen kann und dass ich jederzeit um einen Termin vor Ort bitten kann. Der Termin wird nicht aufgezeichnet. Ich wähle einen Ort, an dem niemand zuhört, den ich nicht dabeihaben möchte.',
  },
  {
    n: 33,
    version: 2,
    kind: 'telehealth',
    language: 'fr',
    title: 'Un rendez-vous par vidéo',
    body: 'Si mon rendez-vous a lieu par vidéo, j’accepte que l’on m’examine et me conseille de cette façon. Je sais que certaines choses ne peuvent pas être examinées par vidéo, que la connexion peut être coupée et que je peux demander un rendez-vous sur place à tout moment. Le rendez-vous n’est pas enregistré. Je choisis un lieu où n’écoute personne que je ne souhaite pas.',
  },
]

const idOf = (n: number): string => `018f3c00-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`

/** Words of before: of a card only, of signing without a code, and French ones that spoke to men only. Who signed them signed them; nobody signs them any more. */
export const formerConsentTextIds: readonly string[] = [3, 7, 4, 8, 14, 18, 15, 24, 28].map(idOf)

/** The hash covers title and body: what a person saw is what a signature binds to. */
export const demoConsentTexts: readonly ConsentText[] = drafts.map(({ n, version = 1, ...text }) => ({
  id: idOf(n),
  version,
  ...text,
  sha256: sha256Hex(`${text.title}\n\n${text.body}`),
}))
