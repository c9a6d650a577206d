export * from './events.ts'
export * from './model.ts'
export * from './roles.ts'
