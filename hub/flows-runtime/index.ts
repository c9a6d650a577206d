export { type Engine, type EngineOptions, startEngine } from './engine.ts'
export type { ShippedFlow } from './releases.ts'
