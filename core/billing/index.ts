export * from './applies.ts'
export * from './events.ts'
export * from './model.ts'
export * from './rules.ts'
