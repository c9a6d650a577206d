export * from './check-shipped.ts'
export * from './diff.ts'
export * from './releases.ts'
export { stepWords } from './step-words.ts'
