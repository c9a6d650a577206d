import { defineMap, type LetterFacts, type MapReads } from '@heliox/core/kit'
import { letterOf, textOf } from '@heliox/core/messages/letters'
import { MailMessage, MessageLeave, MessageRecord, MessageRefused, MessageRequested, MessageSent, TextMessage } from '@heliox/core/messaging'

export const messageLeave = defineMap({
  name: 'message-leave',
  version: 1,
  summary: 'Whether the message may leave at this moment, and by which door.',
  root: MessageRequested,
  input: MessageRequested,
  output: MessageLeave,
  reads: { patient: [], visit: false, leave: true, purpose: 'messaging' },
  map: (_requested, _facts, { leave }) => {
    if (!leave) throw new Error('message-leave: it was not read whether the message may leave')
    return leave
  },
})

/** What it is made of went away between two steps: revoked, or ended. Asked once more, the message is held back. */
function letter({ letter: facts }: MapReads, channel: LetterFacts['channel']): LetterFacts {
  if (!facts) throw new Error('the contact, the link or the code of this message ended a moment ago')
  if (facts.channel !== channel) throw new Error('the message goes by another channel')
  return facts
}

export const messageText = defineMap({
  name: 'message-text',
  version: 1,
  summary: 'The words of a text: the clinic’s neutral name, a time and a link.',
  root: MessageRequested,
  input: MessageLeave,
  output: TextMessage,
  reads: { patient: [], visit: false, letter: true, purpose: 'messaging' },
  map: ({ messageId }, _facts, read) => {
    const facts = letter(read, 'sms')
    return { messageId, to: facts.to, body: textOf(facts), notAfter: facts.notAfter }
  },
})

export const messageMail = defineMap({
  name: 'message-mail',
  version: 1,
  summary: 'The words of a mail: the clinic’s neutral name, a time and a link.',
  root: MessageRequested,
  input: MessageLeave,
  output: MailMessage,
  reads: { patient: [], visit: false, letter: true, purpose: 'messaging' },
  map: ({ messageId }, _facts, read) => {
    const facts = letter(read, 'mail')
    const { subject, paragraphs, button, footer } = letterOf(facts)
    const link = facts.url === null ? null : { url: facts.url, label: button }
    const { to, language, code, unsubscribeUrl, notAfter } = facts
    return { messageId, to, language, subject, paragraphs, link, footer, code, unsubscribeUrl, notAfter }
  },
})

export const messageSentRecord = defineMap({
  name: 'message-sent-record',
  version: 1,
  summary: 'The partner took it, under this number.',
  root: MessageRequested,
  input: MessageSent,
  output: MessageRecord,
  reads: null,
  map: ({ providerId }, { root }) => ({ is: 'sent' as const, messageId: root.messageId, providerId }),
})

export const messageRefusedRecord = defineMap({
  name: 'message-refused-record',
  version: 1,
  summary: 'The partner did not take it, and why.',
  root: MessageRequested,
  input: MessageRefused,
  output: MessageRecord,
  reads: null,
  map: ({ reason, code }, { root }) => ({ is: 'refused' as const, messageId: root.messageId, reason, code }),
})
