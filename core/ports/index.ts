export * from './edge.ts'
export * from './engine.ts'
