import { X509Certificate } from 'node:crypto'
import { type CallContext, Text } from '@heliox/core/kit'
import { MailAddress } from '@heliox/core/messaging'
import { z } from 'zod'

export const MailConfig = z.object({
  host: z
    .string()
    .max(200)
    .regex(/^(?!-)[A-Za-z0-9.:-]+$/, 'must be a host name or an address')
    .meta({ title: 'Mail server (SMTP)', description: 'Where mail is handed in, for example smtp.example.org' }),
  port: z.int().min(1).max(65_535).default(587).meta({ title: 'Port' }),
  security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
    title: 'Encryption',
    description:
      'starttls: demanded after the greeting, usually port 587. tls: from the first byte, usually port 465. none: for a mail server on this very machine in development; with real patients nothing is sent then.',
  }),
  caCertificate: z
    .string()
    .max(20_000)
    .refine((pem) => isCertificate(pem), 'must be a certificate in PEM form')
    .optional()
    .meta({ title: 'Certificate of its authority', description: 'In PEM form, where it is not a public one. Leave it empty for one that browsers know.' }),
  user: Text(200).meta({ title: 'User name' }),
  fromAddress: MailAddress.meta({ title: 'Sender’s address', description: 'Bounces and answers go there.' }),
  fromName: Text(60).meta({ title: 'Sender’s name', description: 'What patients see in their inbox. A name that says nothing about why somebody is treated.' }),
})
export const MailSecrets = z.object({ password: z.string().min(1).max(300).meta({ title: 'Password' }) })
export type MailConfig = z.output<typeof MailConfig>
export type MailSecrets = z.output<typeof MailSecrets>
export type MailContext = CallContext<MailConfig, MailSecrets>

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}
