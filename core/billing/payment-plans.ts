import { type LanguageTag, locales } from '../kit/index.ts'

/**
 * A payment plan: dates and amounts that a patient agreed to, by the words that they saw. The words are made from the plan alone, so that
 * their hash says what was agreed; another plan has other words, and needs another agreement.
 */
export const planLimits = { instalmentsMax: 24, daysAheadMax: 750, totalMinorMax: 5_000_000 } as const
/** A front desk takes copays, not operations: a slip of the finger ends here. */
export const copayMinorMax = 100_000

interface PlanTerms {
  currency: string
  instalments: readonly { dueOn: string; amountMinor: number }[]
}
export const planTotalMinor = ({ instalments }: Pick<PlanTerms, 'instalments'>): number => instalments.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

/** What is wrong with a plan; undefined: nothing. Dates rise, none is today or before. `today`: in the clinic's zone. */
export function planProblem({ instalments }: Pick<PlanTerms, 'instalments'>, today: string): 'dates' | 'amounts' | 'number' | undefined {
  if (instalments.length === 0 || instalments.length > planLimits.instalmentsMax) return 'number'
  if (instalments.some(({ amountMinor }) => !Number.isInteger(amountMinor) || amountMinor < 1) || planTotalMinor({ instalments }) > planLimits.totalMinorMax) {
    return 'amounts'
  }
  const dates = instalments.map(({ dueOn }) => dueOn)
  const last = new Date(Date.parse(today) + planLimits.daysAheadMax * 24 * 3600 * 1000).toISOString().slice(0, 10)
  const rising = dates.every((date, i) => date > (i === 0 ? today : (dates[i - 1] ?? today)))
  return rising && (dates.at(-1) ?? last) <= last ? undefined : 'dates'
}

/** Yen has no smaller unit, the dinar a thousand: the amount is in the smallest there is. */
export function amountText(amountMinor: number, currency: string, language: LanguageTag): string {
  const format = new Intl.NumberFormat(locales[language], { style: 'currency', currency })
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}
const dayText = (day: string, language: LanguageTag): string =>
  new Intl.DateTimeFormat(locales[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))

/** What stands before and after the dates. A word changed here changes the hash, so a plan that waits is proposed in the new words. */
const planWords = {
  en: (clinic, total) => ({
    before: `I allow ${clinic} to charge these amounts, on these dates, to the card or bank account that I have on file:`,
    after: `In all ${total}, and never more. To change an amount or a date, I have to agree again. I can end this plan by calling ${clinic}.`,
  }),
  es: (clinic, total) => ({
    before: `Autorizo a ${clinic} a cobrar estos importes, en estas fechas, de la tarjeta o la cuenta bancaria que tengo registrada:`,
    after: `En total ${total}, y nunca más. Si un importe o una fecha debe cambiar, hace falta un nuevo acuerdo mío. Puedo terminar este plan llamando a ${clinic}.`,
  }),
  de: (clinic, total) => ({
    before: `Ich erlaube ${clinic}, diese Beträge an diesen Tagen von der Karte oder dem Bankkonto abzubuchen, die ich hinterlegt habe:`,
    after: `Zusammen ${total}, und nie mehr. Um einen Betrag oder einen Tag zu ändern, muss ich noch einmal zustimmen. Ich kann diesen Plan mit einem Anruf bei ${clinic} beenden.`,
  }),
  fr: (clinic, total) => ({
    before: `J’autorise ${clinic} à débiter ces montants, à ces dates, de la carte ou du compte bancaire que j’ai enregistré :`,
    after: `En tout ${total}, et jamais plus. Pour changer un montant ou une date, il faut de nouveau mon accord. Je peux mettre fin à ce plan en appelant ${clinic}.`,
  }),
} as const satisfies Record<LanguageTag, (clinic: string, total: string) => { before: string; after: string }>

/** Line by line, as the patient reads it. */
export function planTerms(plan: PlanTerms, clinic: string, language: LanguageTag): string[] {
  const total = amountText(planTotalMinor(plan), plan.currency, language)
  // French sets a space before it, which must not begin a line.
  const colon = language === 'fr' ? '\u00a0:' : ':'
  const lines = plan.instalments.map(({ dueOn, amountMinor }) => `${dayText(dueOn, language)}${colon} ${amountText(amountMinor, plan.currency, language)}`)
  const { before, after } = planWords[language](clinic, total)
  return [before, ...lines, after]
}
