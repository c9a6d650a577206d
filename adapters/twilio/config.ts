import { type CallContext, isPrivateLine } from '@heliox/core/kit'
import { z } from 'zod'

export const TwilioConfig = z.object({
  apiBase: z
    .url({ protocol: /^https?$/ })
    .max(200)
    .refine(isPrivateLine, 'must be https')
    .refine((url) => !/[?#@]/.test(url), 'must be a plain base address')
    .default('https://api.twilio.com')
    .meta({ title: 'API address', description: 'Of the region where the account keeps its messages, for example https://api.dublin.ie1.twilio.com' }),
  accountSid: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'must be AC and 32 digits or letters a to f')
    .meta({ title: 'Account SID' }),
  apiKeySid: z
    .string()
    .regex(/^SK[0-9a-fA-F]{32}$/, 'must be SK and 32 digits or letters a to f')
    .meta({ title: 'API key SID' }),
  sender: z
    .string()
    .regex(
      /^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
      'must be a number (+1…), a Messaging Service (MG…) or a name of up to 11 letters',
    )
    .meta({
      title: 'Sender of texts',
      description: 'A number with its country, a Messaging Service SID, or a name. Nobody can answer STOP to a name: that needs another way to stop.',
    }),
  webhooks: z
    .boolean()
    .default(false)
    .meta({ title: 'Twilio tells us what became of texts, and what patients answer', description: 'Needs the auth token below, which signs its calls.' }),
})

/** The account's auth token: 32 digits and letters. Blanks around it are a copying mistake that would only show as a wrong signature. */
const AuthToken = z.string().regex(/^[0-9a-fA-F]{32}$/, 'must be 32 digits or letters a to f')

export const TwilioSecrets = z.object({
  apiKeySecret: z.string().min(8).max(200).meta({ title: 'API key secret' }),
  webhookToken: AuthToken.optional().meta({ title: 'Auth token of the account (proves Twilio’s calls; sends nothing)' }),
  webhookTokenBefore: AuthToken.optional().meta({ title: 'Auth token before the last rotation, until it has run out' }),
})
export type TwilioConfig = z.output<typeof TwilioConfig>
export type TwilioSecrets = z.output<typeof TwilioSecrets>
export type TwilioContext = CallContext<TwilioConfig, TwilioSecrets>
