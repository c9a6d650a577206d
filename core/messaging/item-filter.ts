import { z } from 'zod'
import { itemCauses, itemKinds } from './actions.ts'
import { owners } from './model.ts'

/** `visit`: who comes first is helped first; without a visit last. `age`: what waits longest. */
export const itemSorts = ['visit', 'age'] as const
export type ItemSort = (typeof itemSorts)[number]

/** How the list of open items is narrowed, and what a saved view keeps of it. */
export const ItemFilter = z.strictObject({
  cause: z.enum(itemCauses).optional(),
  payer: z.string().min(2).max(40).optional(),
  owner: z.enum(owners).optional(),
  kind: z.enum(itemKinds).optional(),
  incident: z.uuid().optional(),
  flow: z.string().min(1).max(40).optional(),
  /** Only what the asking person has claimed. */
  mine: z.boolean().optional(),
  /** Only what waits for a second person. */
  proposed: z.boolean().optional(),
})
export type ItemFilter = z.output<typeof ItemFilter>

/** A person's own: a name and what it shows. */
export const SavedView = z.strictObject({ name: z.string().trim().min(1).max(40), filter: ItemFilter, sort: z.enum(itemSorts) })
export type SavedView = z.output<typeof SavedView>
export const savedViewsPerUserMax = 20
