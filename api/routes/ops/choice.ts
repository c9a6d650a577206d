import { ChartCandidates, ChartQuery, compareCharts } from '@heliox/core/clinical'
import type { z } from 'zod'
import type { ItemChoice } from './items.ts'
import type { AnyOperation } from './operation-of.ts'

type Opened = { asked: unknown; options: unknown }

/** How the options of each kind stand beside what was asked; by the contract of the options. */
const byOptions: Readonly<Record<string, (opened: Opened, home: string | null) => Omit<z.input<typeof ItemChoice>, 'none'>>> = {
  [ChartCandidates.id]: ({ asked, options }, home) => compareCharts(ChartQuery.schema.parse(asked), ChartCandidates.schema.parse(options), home),
}

/** Undefined: the operation lets nobody choose. `home`: the country of the clinic. */
export function choiceOf(operation: AnyOperation | undefined): ((opened: Opened, home: string | null) => z.input<typeof ItemChoice>) | undefined {
  const choice = operation?.choice
  const compare = choice && byOptions[choice.options.id]
  return compare && ((opened, home) => ({ ...compare(opened, home), none: choice.pick(opened.options, null) !== undefined }))
}
