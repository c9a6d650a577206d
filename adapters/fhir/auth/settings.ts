import { isPrivateLine, limits } from '@heliox/core/kit'
import { z } from 'zod'
import { signingKeysOf } from './keys.ts'

/** How the hub shows who it is: a fixed token, or SMART backend services (a signed assertion for a token of a few minutes). */
export const authConfig = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bearer') }).meta({ title: 'Fixed token' }),
  z
    .object({
      kind: z.literal('smart-backend'),
      clientId: z.string().min(1).max(200).meta({ title: 'Client id' }),
      scope: z
        .string()
        .max(1000)
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes with one blank between them')
        .meta({ title: 'Scopes', description: 'For example system/Patient.crus system/Coverage.crus system/Appointment.crus' }),
      tokenUrl: z
        .url({ protocol: /^https?$/ })
        .max(300)
        .refine(isPrivateLine, 'must be https')
        .optional()
        .meta({ title: 'Token address', description: 'Only where the EHR does not publish .well-known/smart-configuration.' }),
    })
    .meta({ title: 'SMART backend services' }),
])
export type AuthConfig = z.output<typeof authConfig>

/** Both may stand there while a clinic changes from one to the other: the configuration says which one is used. */
export const authSecrets = {
  token: z.string().min(8).max(4096).optional().meta({ title: 'Bearer token' }),
  signingKeys: z
    .string()
    .max(limits.secretCharsMax)
    .refine((text) => signingKeysOf(text) !== undefined, 'must be a JWK set of private keys: P-384, or RSA of 2048 bits and more, each with a kid of its own')
    .optional()
    .meta({
      title: 'Signing keys',
      description: 'A JWK set of private keys. The first one signs; all are published, so that a new one can be put in front of the old.',
    }),
}
