export * from './access-code.ts'
export * from './applies.ts'
export * from './model.ts'
export * from './rules.ts'
