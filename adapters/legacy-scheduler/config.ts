import { type CallContext, isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'

export const LegacyConfig = z.object({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .refine(isPrivateLine, 'must be https')
    .refine((url) => !/[?#@]/.test(url), 'must be a plain base address')
    .meta({ title: 'Address of the old scheduler', description: 'What /v2/status is under, for example https://schedule.example.org' }),
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => isTimeZone(zone), 'must be a time zone, for example America/Chicago')
    .meta({ title: 'Time zone of the site', description: 'For times that the old scheduler gives without an offset.' }),
})
export const LegacySecrets = z.object({ apiKey: z.string().min(8).max(200).meta({ title: 'API key' }) })
export type LegacyConfig = z.output<typeof LegacyConfig>
export type LegacyContext = CallContext<LegacyConfig, z.output<typeof LegacySecrets>>

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
