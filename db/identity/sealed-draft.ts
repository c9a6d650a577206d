import { DraftSave } from '@heliox/core/identity'
import type { Place, Vault } from '../vault.ts'

export const draftPlace = (intakeId: string): Place => ({ table: 'identity.intake_drafts', row: intakeId })

export async function openDraft(vault: Vault, tenantId: string, intakeId: string, sealed: Buffer): Promise<DraftSave> {
  return DraftSave.parse(JSON.parse(await vault.open(tenantId, draftPlace(intakeId), sealed)))
}
