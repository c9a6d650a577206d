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

/** A handful of rules of our own are no protection for real patients: the photo stays in quarantine until there is a clamd. */
export async function refuseEmbedded(ctx: ScannerContext): Promise<void> {
  if ((await ask('VERSION', ctx)).startsWith('Heliox-embedded')) {
    throw new PartnerFault('credentials', 'The embedded scanner is for development only. Give this clinic a real clamd.')
  }
}
