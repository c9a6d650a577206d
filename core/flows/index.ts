export * from './check-flow.ts'
export * from './finding.ts'
export * from './pass-through.ts'
export * from './release.ts'
