export * from './catalogue.ts'
export * from './correction.ts'
export * from './status.ts'
