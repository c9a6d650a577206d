import { sha256Hex } from '../kit/index.ts'
import type { ConsentText } from './model.ts'

/**
 * Who agrees to records on a screen shows that they can read one (ESIGN, 15 U.S.C. 7001(c)): where a text has this mark, the patient sees a code,
 * and types it. The text's hash covers the mark; the code is part of the signature.
 */
export const codeMark = '{code}'
export const asksForCode = ({ body }: Pick<ConsentText, 'body'>): boolean => body.includes(codeMark)
export const shownBody = ({ body }: Pick<ConsentText, 'body'>, code: string): string => body.replaceAll(codeMark, code)

/** Digits are read and typed alike in every language. Always the same for one intake: a reload must not ask for another. It is no secret. */
export const accessCodeOf = (intakeId: string): string =>
  String(Number.parseInt(sha256Hex(`access code ${intakeId}`).slice(0, 8), 16) % 10_000).padStart(4, '0')
