import { LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const LookView = z
  .object({
    name: z.string(),
    brandColour: z.string(),
    contactPhone: z.string(),
    /** The one that the clinic prefers first. */
    languages: z.array(LanguageTag).min(1),
    logoUrl: z.string().nullable(),
  })
  .meta({ id: 'ClinicLook' })

export const getClinicLook = defineRoute({
  operationId: 'getClinicLook',
  method: 'GET',
  url: '/api/admin/look',
  tag: 'admin',
  summary: 'How patients see the clinic.',
  access: { by: 'session', action: 'clinic.read' },
  success: { status: 200, body: LookView, description: 'As it is.' },
})

export const saveClinicLook = defineRoute({
  operationId: 'saveClinicLook',
  method: 'PUT',
  url: '/api/admin/look',
  tag: 'admin',
  summary: 'Change how patients see the clinic. A colour on which white cannot be read is refused.',
  access: { by: 'session', action: 'clinic.write' },
  body: z
    .strictObject({
      brandColour: z
        .string()
        .toLowerCase()
        .regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #0f5f6b'),
      contactPhone: z.string().trim().min(5).max(30),
      languages: z
        .array(LanguageTag)
        .min(1)
        .max(LanguageTag.options.length)
        .refine((tags) => new Set(tags).size === tags.length, { error: 'must name each language once' }),
      /** A PNG or JPEG; null takes the logo away, left out it stays. */
      logo: z
        .string()
        .max(56_000)
        .regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/=]+$/, 'must be a PNG or JPEG')
        .nullable()
        .optional(),
    })
    .meta({ id: 'ClinicLookInput' }),
  success: { status: 200, body: LookView, description: 'As saved.' },
})

export const lookRoutes = [getClinicLook, saveClinicLook] as const
