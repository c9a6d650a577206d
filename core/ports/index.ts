export * from './bulk-releases.ts'
export * from './edge.ts'
export * from './engine.ts'
export * from './nodes.ts'
