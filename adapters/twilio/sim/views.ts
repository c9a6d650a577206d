import type { Text } from './texts.ts'

const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000')

/** A message as Twilio's API shows it. */
export const messageView = (accountSid: string, text: Text) => ({
  sid: text.sid,
  account_sid: accountSid,
  api_version: '2010-04-01',
  body: text.body,
  to: text.to,
  from: text.from,
  messaging_service_sid: null,
  direction: text.direction,
  status: text.status,
  error_code: text.errorCode,
  error_message: null,
  num_media: '0',
  num_segments: String(Math.max(1, Math.ceil(text.body.length / 153))),
  price: null,
  price_unit: 'USD',
  date_created: rfc2822(text.atMs),
  date_updated: rfc2822(text.atMs),
  date_sent: text.status === 'queued' ? null : rfc2822(text.atMs),
  uri: `/2010-04-01/Accounts/${accountSid}/Messages/${text.sid}.json`,
  subresource_uris: {},
})
export const listView = (accountSid: string, texts: readonly Text[], pageSize: number) => ({
  messages: texts.map((text) => messageView(accountSid, text)),
  page: 0,
  page_size: pageSize,
  start: 0,
  end: Math.max(0, texts.length - 1),
  first_page_uri: `/2010-04-01/Accounts/${accountSid}/Messages.json?PageSize=${pageSize}&Page=0`,
  uri: `/2010-04-01/Accounts/${accountSid}/Messages.json?PageSize=${pageSize}&Page=0`,
  next_page_uri: null,
  previous_page_uri: null,
})
/** The form of a receipt. */
export const receiptFields = (accountSid: string, text: Text, status: string, errorCode: number | null): Record<string, string> => ({
  SmsSid: text.sid,
  SmsStatus: status,
  MessageStatus: status,
  To: text.to,
  MessageSid: text.sid,
  AccountSid: accountSid,
  From: text.from,
  ApiVersion: '2010-04-01',
  ...(errorCode !== null && { ErrorCode: String(errorCode) }),
})
/** The form of a text that somebody sent us. */
export const inboundFields = (accountSid: string, text: Text): Record<string, string> => ({
  ToCountry: 'US',
  SmsMessageSid: text.sid,
  NumMedia: '0',
  SmsSid: text.sid,
  SmsStatus: 'received',
  FromCountry: 'US',
  Body: text.body,
  To: text.to,
  NumSegments: '1',
  MessageSid: text.sid,
  AccountSid: accountSid,
  From: text.from,
  ApiVersion: '2010-04-01',
})
