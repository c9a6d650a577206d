import { ObjectTooLarge, PartnerFault } from '@heliox/core/kit'
import type { ScannerContext } from './types.ts'

/** One object out of quarantine, and not a byte more than is allowed. */
export async function fetchObject(key: string, bytesMax: number, ctx: ScannerContext): Promise<Buffer | 'missing' | 'too-large'> {
  try {
    return (await store(() => ctx.objects.get('quarantine', key, bytesMax))) ?? 'missing'
  } catch (error) {
    if (error instanceof ObjectTooLarge) return 'too-large'
    throw error
  }
}

/** The store of files is a partner here: out of reach is a fault to retry, not a bug. */
export async function store<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ObjectTooLarge || error instanceof PartnerFault) throw error
    throw new PartnerFault('unavailable', 'The file store cannot be reached.', { detail: error instanceof Error ? error.name : 'unknown', cause: error })
  }
}
