import { type Health, PartnerFault } from '@heliox/core/kit'
import { ask } from './clamd.ts'
import type { ScannerContext } from './types.ts'

/** Alive, and which rules it scans with. */
export async function checkHealth(ctx: ScannerContext): Promise<Health> {
  try {
    if ((await ask('PING', ctx)) !== 'PONG') return { ok: false, text: 'What answers at this address is not a scanner.' }
    return { ok: true, text: await ask('VERSION', ctx) }
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}
