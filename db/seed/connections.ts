import { z } from 'zod'
import type { DemoTenant } from './demo.ts'

/** Where the simulators of this run listen, as the supervisor says it. */
export const SimulatorPlaces = z.object({
  clearinghouse: z.object({
    url: z.url(),
    token: z.string().min(8),
    sftp: z.object({ host: z.string().min(1), port: z.int(), hostKeySha256: z.string().min(40) }).optional(),
    batchEveryMinutes: z.number().min(0).optional(),
  }),
  fhir: z.object({ url: z.url(), token: z.string().min(8) }),
  stripe: z.object({
    url: z.url(),
    secretKey: z.string().min(8),
    publishableKey: z.string().min(8),
    webhookSecret: z.string().min(8).optional(),
    returnUrl: z.url().optional(),
  }),
  scanner: z.object({ host: z.string().min(1), port: z.int() }),
  twilio: z.object({ url: z.url(), apiKeySecret: z.string().min(8), webhookToken: z.string().min(8) }).optional(),
  mail: z.object({ host: z.string().min(1), port: z.int(), password: z.string().min(8) }).optional(),
  /** Only where the demo clinic of this region has an old scheduler beside the hub; the hub keeps its appointments until somebody hands them over. */
  legacyScheduler: z.object({ url: z.url(), apiKey: z.string().min(8) }).optional(),
  /** What the demo clinic's live view opens its figures with. */
  live: z.object({ token: z.string().min(20).max(100) }).optional(),
})

/** The account that all demo clinics share at the simulated Twilio, and each one's number. */
export const demoTwilio = {
  accountSid: 'AC018f3c0000007000800000000000de30',
  apiKeySid: 'SK018f3c0000007000800000000000de30',
  numbers: { lakeside: '+13125550142', rhein: '+492215550142' } as Readonly<Record<string, string>>,
} as const

type Connections = Record<string, { config: unknown; secrets: Record<string, unknown> }>

/** How every demo clinic writes to its patients. */
export function demoMessaging(at: Pick<z.output<typeof SimulatorPlaces>, 'twilio' | 'mail'>, { slug, name }: Pick<DemoTenant, 'slug' | 'name'>): Connections {
  const { accountSid, apiKeySid, numbers } = demoTwilio
  return {
    ...(at.twilio && {
      twilio: {
        config: { apiBase: at.twilio.url, accountSid, apiKeySid, sender: numbers[slug], webhooks: true },
        secrets: { apiKeySecret: at.twilio.apiKeySecret, webhookToken: at.twilio.webhookToken },
      },
    }),
    ...(at.mail && {
      mail: {
        // A simulator on this machine: the one place where mail may go unencrypted.
        config: { host: at.mail.host, port: at.mail.port, security: 'none', user: 'hub', fromAddress: `no-reply@${slug}.example`, fromName: name },
        secrets: { password: at.mail.password },
      },
    }),
  }
}

/** All connections of a demo clinic: what an admin would have typed. `main.ts` parses them with each adapter's own shapes. */
export function demoConnections(at: z.output<typeof SimulatorPlaces>, tenant: Pick<DemoTenant, 'slug' | 'name' | 'timeZone'>): Connections {
  const { sftp, batchEveryMinutes } = at.clearinghouse
  const { webhookSecret, returnUrl } = at.stripe
  return {
    ...demoMessaging(at, tenant),
    clearinghouse: {
      config: {
        ...{ restUrl: at.clearinghouse.url, submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T' },
        ...(sftp && { sftpHost: sftp.host, sftpPort: sftp.port, sftpUser: 'hub', sftpHostKeySha256: sftp.hostKeySha256 }),
        ...(batchEveryMinutes !== undefined && { batchEveryMinutes }),
      },
      secrets: { restToken: at.clearinghouse.token, ...(sftp && { sftpPassword: at.clearinghouse.token }) },
    },
    fhir: {
      config: { baseUrl: at.fhir.url, identifierSystem: `https://${tenant.slug}.example/ids`, practiceName: tenant.name },
      secrets: { token: at.fhir.token },
    },
    stripe: {
      config: {
        ...{ apiBase: at.stripe.url, publishableKey: at.stripe.publishableKey, scriptUrl: `${at.stripe.url}/v3/` },
        ...(webhookSecret && { webhooks: true }),
        ...(returnUrl && { returnUrl }),
      },
      secrets: { secretKey: at.stripe.secretKey, ...(webhookSecret && { webhookSecret }) },
    },
    scanner: { config: { host: at.scanner.host, port: at.scanner.port }, secrets: {} },
    ...(at.legacyScheduler && {
      'legacy-scheduler': {
        config: { baseUrl: at.legacyScheduler.url, timeZone: tenant.timeZone },
        secrets: { apiKey: at.legacyScheduler.apiKey },
      },
    }),
  }
}
