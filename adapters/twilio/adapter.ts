import { defineAdapter } from '@heliox/core/kit'
import { MessageItem, MessageRefused, MessageSent, TextMessage } from '@heliox/core/messaging'
import { TwilioConfig, TwilioSecrets } from './config.ts'
import { findMessage, sendMessage } from './send-message.ts'
import { ping } from './transport/client.ts'
import { callBytesMax, readCalls } from './webhook/read-call.ts'
import { keeps, verify } from './webhook/verify.ts'

/** Texts to patients (T-7), what became of them, and what patients answer. Surprises: BEHAVIOR.md. */
export const twilio = defineAdapter({
  id: 'twilio',
  title: 'Twilio (texts)',
  config: TwilioConfig,
  secrets: TwilioSecrets,
  health: (ctx) => ping(ctx),
  operations: (op) => ({
    sendMessage: op({
      summary: 'Send one text.',
      version: 1,
      input: TextMessage,
      output: MessageSent,
      rejection: MessageRefused,
      // Twilio takes no key of ours: a second request is a second text.
      replay: 'never',
      // A call may take its full time; what was taken is in the list at once, give or take its own lag.
      settleMs: 45_000,
      // It holds the patient's link. A wrong number is put right at the visit, and the text sent anew.
      correctable: false,
      breaker: { timeoutMs: 10_000, errorThresholdPercent: 50, volumeThreshold: 10, resetTimeoutMs: 20_000, inFlightMax: 8, opensOnRefusedKey: true },
      retry: { attemptsMax: 6, firstDelayMs: 2_000, delayMsMax: 120_000 },
      call: sendMessage,
      reconcile: findMessage,
    }),
  }),
  receive: (receiver) => ({
    events: receiver({
      summary: 'Take what Twilio tells of its own accord: receipts, and what patients answer.',
      version: 1,
      event: 'twilio.item-received.v1',
      item: MessageItem,
      everyMs: 5_000,
      timeoutMs: 30_000,
      fileBytesMax: callBytesMax,
      enabled: (config) => config.webhooks,
      webhook: {
        bodyBytesMax: callBytesMax - 1024,
        verify,
        keeps,
        // No text of ours is sent back: what STOP, START and HELP are answered with is Twilio's part.
        reply: { contentType: 'text/xml; charset=utf-8', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' },
      },
      // Each call is kept by the door that it comes through; there is nothing to fetch.
      collect: async () => undefined,
      read: readCalls,
    }),
  }),
})
