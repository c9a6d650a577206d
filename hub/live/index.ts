export { type LiveHost, type LiveOptions, liveKeyHeader, liveRoot, startLive } from './host.ts'
export { pull } from './pull.ts'
