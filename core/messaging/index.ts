export * from './applies.ts'
export * from './events.ts'
export * from './incidents.ts'
export * from './model.ts'
