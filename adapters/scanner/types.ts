import type { CallContext } from '@heliox/core/kit'

interface ScannerConfig {
  host: string
  port: number
  bytesMax: number
}
export type ScannerContext = CallContext<ScannerConfig, Record<string, never>>
