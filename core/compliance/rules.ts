import { accessCodeOf, asksForCode } from './access-code.ts'
import type { ConsentKind, ConsentText } from './model.ts'

/** Asked of every patient; a card needs its own authorisation beside them (one tick each, none implied). The others are free. */
const alwaysRequired = ['treatment', 'privacy-notice', 'electronic-signature'] as const satisfies readonly ConsentText['kind'][]

/** Who must give it. */
export const consentNeeds = ['always', 'with-card', 'free'] as const
export const consentNeed = (kind: ConsentKind): (typeof consentNeeds)[number] =>
  (alwaysRequired as readonly ConsentKind[]).includes(kind) ? 'always' : kind === 'card-authorisation' ? 'with-card' : 'free'

/** Who reads a language in which one of these texts is not there cannot send a form. */
export const canBeSigned = (texts: readonly Pick<ConsentText, 'kind'>[]): boolean => alwaysRequired.every((kind) => texts.some((text) => text.kind === kind))

/**
 * What is wrong with the consents of a submit. A signature binds to the exact words: a hash of another text, another language
 * or an older version is refused, never quietly taken for the current one.
 */
export function consentProblems(
  texts: readonly ConsentText[],
  given: readonly { textId: string; textSha256: string }[],
  card: boolean,
): { at: number | null; message: string }[] {
  const problems: { at: number | null; message: string }[] = []
  const kinds = new Set<ConsentText['kind']>()
  for (const [at, consent] of given.entries()) {
    const text = texts.find((t) => t.id === consent.textId && t.sha256 === consent.textSha256)
    if (!text) problems.push({ at, message: 'must be one of the texts shown, in the language it was signed in' })
    else if (kinds.has(text.kind)) problems.push({ at, message: 'must be given once' })
    else kinds.add(text.kind)
  }
  for (const kind of [...alwaysRequired, ...(card ? (['card-authorisation'] as const) : [])]) {
    if (!kinds.has(kind)) problems.push({ at: null, message: `must include the ${kind} consent` })
  }
  return problems
}

/** Undefined: no text that was signed asks for the code, or it was typed as it was shown. */
export function accessCodeProblem(
  texts: readonly ConsentText[],
  given: readonly { textId: string }[],
  typed: string | null,
  intakeId: string,
): string | undefined {
  const asked = texts.some((text) => asksForCode(text) && given.some(({ textId }) => textId === text.id))
  return !asked || typed?.trim() === accessCodeOf(intakeId) ? undefined : 'must be the code that stands in the text about signing on a screen'
}
