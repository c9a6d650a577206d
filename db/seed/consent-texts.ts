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
    n: 3,
    kind: 'card-authorisation',
    language: 'en',
    title: 'Keeping a card on file',
    body: 'I allow the clinic to keep my payment card with its payment company and to charge what my insurance leaves for me to pay for this visit. The clinic tells me the amount first. Nothing is charged today, and I can take this back in writing.',
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
    n: 7,
    kind: 'card-authorisation',
    language: 'es',
    title: 'Guardar una tarjeta',
    body: 'Permito que la clínica guarde mi tarjeta con su empresa de pagos y cobre lo que mi seguro deje a mi cargo por esta visita. La clínica me dice antes el importe. Hoy no se cobra nada y puedo retirar este permiso por escrito.',
  },
  {
    n: 8,
    kind: 'electronic-signature',
    language: 'es',
    title: 'Firmar en pantalla',
    body: 'Acepto firmar en este dispositivo en lugar de hacerlo en papel. Puedo pedir los formularios en papel y recibir una copia de todo lo que firme.',
  },
]

/** The hash covers title and body: what a person saw is what a signature binds to. */
export const demoConsentTexts: readonly ConsentText[] = drafts.map(({ n, ...text }) => ({
  id: `018f3c00-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`,
  ...text,
  sha256: sha256Hex(`${text.title}\n\n${text.body}`),
}))
