import type { z } from 'zod'

/**
 * What may cross a wire. A contract is a name, a version and a zod shape; two ports fit when name and version are equal.
 * `phi: true` means the value never travels in a message: it travels as a `Sealed` handle.
 */
export interface Contract<Name extends string = string, S extends z.ZodType = z.ZodType> {
  readonly name: Name
  readonly version: number
  /** `Name.vN`, the form used in flows, events and errors. */
  readonly id: `${Name}.v${number}`
  readonly phi: boolean
  readonly schema: S
}

export function defineContract<const Name extends string, S extends z.ZodType>(spec: {
  name: Name
  version: number
  phi: boolean
  schema: S
}): Contract<Name, S> {
  return { ...spec, id: `${spec.name}.v${spec.version}` }
}

export type ValueOf<C extends Contract> = C extends Contract<string, infer S> ? z.output<S> : never
