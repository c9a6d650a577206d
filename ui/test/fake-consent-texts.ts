import type { IntakeView } from '../src/client.gen.ts'
import { uuid } from './fake-kit.ts'

/** What a patient of the canned clinic signs. */
const paragraphs =
  'I agree to be examined and treated by the clinicians of this clinic. They will explain what they do and why, and I may ask questions at any time.\n\nI may say no to any part of it, also later. Saying no does not change how I am treated otherwise.'
const kinds = ['treatment', 'privacy-notice', 'electronic-signature', 'card-authorisation', 'sms', 'telehealth'] as const
const titles = {
  en: [
    'Consent to treatment',
    'How your health data is used',
    'Signing electronically',
    'Keeping a card or bank account on file',
    'Text messages',
    'A visit by video',
  ],
  es: [
    'Consentimiento para el tratamiento',
    'Cómo se usan sus datos de salud',
    'Firma electrónica',
    'Guardar una tarjeta o una cuenta bancaria',
    'Mensajes de texto',
    'Una visita por video',
  ],
}
export const consentTexts = (language: 'en' | 'es', from: number): IntakeView['consentTexts']['en'] =>
  kinds.map((kind, index) => ({
    id: uuid(from + index),
    kind,
    language,
    version: 1,
    title: titles[language][index] ?? '',
    body: kind === 'electronic-signature' ? `${paragraphs}\n\nCode: {code}` : paragraphs,
    sha256: String(from + index).padStart(64, 'a'),
  }))
