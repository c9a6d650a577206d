import { CaseFinding } from '@heliox/core/messaging'
import { offerCorrection } from '../identity/corrections.ts'
import { type ApplyFunction, applyOf } from './context.ts'

export const identityFunctions: Readonly<Record<string, ApplyFunction>> = {
  'identity.offer-correction': applyOf(CaseFinding, ({ intakeId, fields }, context) =>
    offerCorrection(context.tx, intakeId, fields, context.envelope.aggregateVersion, context),
  ),
}
