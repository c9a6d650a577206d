import { isPrivateLine, limits } from '@heliox/core/kit'
import ssh2 from 'ssh2'
import { z } from 'zod'

/** What ISA06 and ISA08 may hold: the basic character set without the delimiters, at most 15 characters. */
const PartyId = z.string().regex(/^[0-9A-Z][0-9A-Z .-]{1,14}$/, 'must be 2 to 15 capital letters, digits, blanks, dots or dashes')

/** A name or an address, nothing before or after it: user, port and folder have their own fields. */
const HostName = z
  .string()
  .max(253)
  .regex(
    /^([0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*$|^[0-9a-fA-F:]+$/,
    'must be a host name alone, such as sftp.partner.example',
  )

const Folder = z
  .string()
  .max(200)
  .regex(/^\/?[0-9A-Za-z_-][0-9A-Za-z._ -]*(\/[0-9A-Za-z_-][0-9A-Za-z._ -]*)*$/, 'must be a folder, such as to-clearinghouse or /files/in')

/** As `ssh-keyscan | ssh-keygen -lf -` prints it. */
const Fingerprint = z.string().regex(/^(SHA256:)?[0-9A-Za-z+/]{43}$/, 'must be a SHA256 fingerprint, such as SHA256: and 43 letters and digits')

/** Every field after `traceOrigin` came later: it is optional or has a default, so that connections stored before stay valid. */
export const ClearinghouseConfig = z
  .object({
    restUrl: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .refine(isPrivateLine, 'must be https')
      .meta({ title: 'Real-time address' }),
    submitterId: PartyId.meta({ title: 'Our id at the clearinghouse (ISA06, GS02)' }),
    receiverId: PartyId.meta({ title: "The clearinghouse's id (ISA08, GS03)" }),
    usage: z.enum(['T', 'P']).meta({ title: 'Test or production (ISA15)' }),
    traceOrigin: z
      .string()
      .regex(/^[139][0-9A-Z]{9}$/)
      .default('9HELIOXHUB')
      .meta({ title: 'Who the trace is from (TRN03)' }),
    clientId: z.string().min(1).max(200).optional().meta({ title: 'Client id, where the clearinghouse hands out tokens' }),
    sftpHost: HostName.optional().meta({ title: 'SFTP server, for batches and files' }),
    sftpPort: z.int().min(1).max(65_535).default(22).meta({ title: 'SFTP port' }),
    sftpUser: z.string().min(1).max(100).optional().meta({ title: 'SFTP user' }),
    sftpHostKeySha256: Fingerprint.optional().meta({ title: "SHA256 fingerprint of the SFTP server's host key" }),
    sftpInbox: Folder.default('to-clearinghouse').meta({ title: 'SFTP folder that we write to' }),
    sftpOutbox: Folder.default('from-clearinghouse').meta({ title: 'SFTP folder that we collect from' }),
    batchEveryMinutes: z.number().min(0).max(1440).default(15).meta({ title: 'Minutes between two batches (0: at once)' }),
  })
  .superRefine((config, context) => {
    if (config.sftpHost === undefined) return
    const wants = (field: 'sftpUser' | 'sftpHostKeySha256', message: string): void => {
      if (config[field] === undefined) context.addIssue({ code: 'custom', path: [field], message })
    }
    wants('sftpUser', 'must be given with an SFTP server')
    wants('sftpHostKeySha256', 'must be given with an SFTP server: without it anyone could pose as that server')
    if (config.sftpInbox === config.sftpOutbox)
      context.addIssue({ code: 'custom', path: ['sftpOutbox'], message: 'must differ from the folder that we write to: we would collect our own files' })
  })

/** An encrypted key would need somebody to type its passphrase at each start. */
const isOpenPrivateKey = (text: string): boolean => {
  const key = ssh2.utils.parseKey(text)
  return !(key instanceof Error) && (Array.isArray(key) ? key : [key]).some((one) => one.isPrivateKey())
}

export const ClearinghouseSecrets = z
  .object({
    restToken: z.string().min(8).max(500).optional().meta({ title: 'Bearer token, where it does not change' }),
    clientSecret: z.string().min(8).max(500).optional().meta({ title: 'Client secret, where the clearinghouse hands out tokens' }),
    sftpPassword: z.string().min(8).max(500).optional().meta({ title: 'SFTP password' }),
    sftpPrivateKey: z
      .string()
      .max(limits.secretCharsMax)
      .refine(isOpenPrivateKey, 'must be a private key in OpenSSH or PEM form, without a passphrase')
      .optional()
      .meta({ title: 'SFTP private key, in place of a password' }),
  })
  .superRefine((secrets, context) => {
    if ((secrets.restToken === undefined) === (secrets.clientSecret === undefined))
      context.addIssue({ code: 'custom', path: ['restToken'], message: 'must be given, or else the client secret: one of the two' })
  })

export type ClearinghouseConfig = z.output<typeof ClearinghouseConfig>
export type ClearinghouseSecrets = z.output<typeof ClearinghouseSecrets>
