import { defineAdapter } from '@heliox/core/kit'
import { MailMessage, MessageRefused, MessageSent } from '@heliox/core/messaging'
import { MailConfig, MailSecrets } from './config.ts'
import { checkHealth, findMail, sendMail } from './send-mail.ts'

/** Mail to patients over SMTP (H-4). Surprises: BEHAVIOR.md. */
export const mail = defineAdapter({
  id: 'mail',
  title: 'Mail (SMTP)',
  config: MailConfig,
  secrets: MailSecrets,
  health: checkHealth,
  operations: (op) => ({
    sendMail: op({
      summary: 'Hand one mail to the clinic’s mail server.',
      version: 1,
      input: MailMessage,
      output: MessageSent,
      rejection: MessageRefused,
      // Nobody can be asked what became of a mail whose answer was lost: a person decides.
      replay: 'never',
      settleMs: 30_000,
      // It holds the patient's link. A wrong address is put right at the visit, and the mail sent anew.
      correctable: false,
      breaker: { timeoutMs: 20_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 30_000, inFlightMax: 4, opensOnRefusedKey: true },
      // Greylisting takes minutes: a few tries, and far apart.
      retry: { attemptsMax: 6, firstDelayMs: 5_000, delayMsMax: 600_000 },
      call: sendMail,
      reconcile: findMail,
    }),
  }),
})
