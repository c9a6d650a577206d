export * from './edge.ts'
export * from './engine.ts'
export * from './nodes.ts'
