export * from './applies.ts'
export * from './model.ts'
