import { CaseFinding } from '@heliox/core/messaging'
import { offerCorrection } from '../identity/corrections.ts'
import { type ApplyFunction, applyOf } from './context.ts'

export const identityFunctions: Readonly<Record<string, ApplyFunction>> = {
  'identity.offer-correction': applyOf(CaseFinding, (finding, context) => offerCorrection(context.tx, finding, context.envelope.aggregateVersion, context)),
}
