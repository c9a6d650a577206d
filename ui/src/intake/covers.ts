import type { IntakeView } from '../client.gen.ts'
import type { Draft } from './draft.ts'

export type Payer = IntakeView['payers'][number]
/** How the api calls an insurer that is not on the list. */
export const notListed = 'not-listed'
/** Where there is no number, the api still wants one; a person reads it then. */
export const noNumber = 'NONE'

/** Small letters without marks: how names are compared. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
const shownMax = 8

/** Smaller is better; null: no match. A number printed on a card is exact; a name may begin anywhere a word does. */
function rank(payer: Payer, wanted: string): number | null {
  const ids = [payer.id, ...payer.cardPayerIds].map(folded)
  if (ids.includes(wanted)) return 0
  const names = [payer.name, ...payer.aliases].map(folded)
  if (names.includes(wanted)) return 1
  if (names.some((name) => name.startsWith(wanted))) return 2
  if (names.some((name) => ` ${name.replace(/[^\p{L}\p{N}]+/gu, ' ')}`.includes(` ${wanted}`))) return 3
  if (wanted.length >= 2 && ids.some((id) => id.startsWith(wanted))) return 4
  return wanted.length >= 3 && names.some((name) => name.includes(wanted)) ? 5 : null
}

/** The best of the list for what was typed; all of it, as long as it is short, for nothing typed. */
export function matching(payers: readonly Payer[], typed: string): { shown: Payer[]; count: number } {
  const wanted = folded(typed)
  const found =
    wanted === ''
      ? [...payers]
      : payers
          .flatMap((payer) => {
            const place = rank(payer, wanted)
            return place === null ? [] : [{ payer, place }]
          })
          .sort((one, other) => one.place - other.place || one.payer.name.localeCompare(other.payer.name))
          .map(({ payer }) => payer)
  return { shown: found.slice(0, shownMax), count: found.length }
}

/** What was typed names one insurer and no other: its name, an alias or a number of it, or the only one that is left. */
export function namedBy(payers: readonly Payer[], typed: string): Payer | undefined {
  const wanted = folded(typed)
  if (wanted === '') return undefined
  const exact = payers.filter((payer) => [payer.name, payer.id, ...payer.aliases, ...payer.cardPayerIds].map(folded).includes(wanted))
  return exact.length === 1 ? exact[0] : undefined
}

/** One insurance as typed. */
export interface Cover {
  payerId: string
  payerText: string
  memberId: string
  groupNumber: string
  /** Of this card alone; null: the patient's own. */
  nameOnCard: { givenName: string; familyName: string } | null
}

/** Then the api's first insurance is the one that was typed as the second. */
export const secondPaysFirst = ({ fields }: Draft): boolean => fields.hasSecond === 'yes' && fields.paysFirst === 'second'

/** In the order in which they pay. */
export function coversOf(draft: Draft): { first: Cover; second: Cover | null } {
  const { fields } = draft
  const name = (givenName: string, familyName: string) => ({ givenName: givenName.trim(), familyName: familyName.trim() })
  const one = {
    ...{ payerId: fields.payerId, payerText: fields.payerText, memberId: fields.memberId, groupNumber: fields.groupNumber },
    nameOnCard: draft.otherName ? name(fields.cardGivenName, fields.cardFamilyName) : null,
  }
  if (fields.hasSecond !== 'yes') return { first: one, second: null }
  const two = {
    payerId: fields.secondPayerId,
    payerText: fields.secondPayerText,
    memberId: fields.secondMemberId,
    groupNumber: fields.secondGroupNumber,
    nameOnCard: draft.secondOtherName ? name(fields.secondCardGivenName, fields.secondCardFamilyName) : null,
  }
  return secondPaysFirst(draft) ? { first: two, second: one } : { first: one, second: two }
}

/** What a patient recognises an insurance by: also what they typed and did not choose yet. */
export const nameOf = (payers: readonly Payer[], { payerId, payerText }: Pick<Cover, 'payerId' | 'payerText'>): string =>
  payerId === notListed || payerId === '' ? payerText.trim() : (payers.find(({ id }) => id === payerId)?.name ?? '')
