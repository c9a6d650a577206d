import type { Health } from '@heliox/core/kit'
export const ping = async (_ctx: unknown): Promise<Health> => ({ ok: false, text: 'being built' })
