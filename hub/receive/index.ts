export type { BatchingRules, ReceiveDeps } from './deps.ts'
export { startReceiving } from './receiving.ts'
