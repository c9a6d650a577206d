import type { PatientMessage } from '../client.gen.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { shortTime, span } from '../shared/time.ts'

const t = deskWords.message

/** `delivered 10 min ago`, `did not arrive: the number cannot take texts`. */
export function messageText({ status, reason, dueAt, sentAt, statusAt }: PatientMessage, now: number, timeZone: string): string {
  const why = reason ? `: ${t.reasons[reason]}` : ''
  const age = (at: string): string => span(Math.max(0, now - Date.parse(at)))
  switch (status) {
    case 'planned':
      return t.planned(shortTime(dueAt ?? statusAt, timeZone))
    case 'requested':
      return t.requested
    case 'sent':
      return t.sent(age(sentAt ?? statusAt))
    case 'delivered':
      return t.delivered(age(statusAt))
    case 'suppressed':
      return `${t.notSent}${why}`
    case 'failed':
    case 'undelivered':
      return `${t[status]}${why}`
  }
}
export const didNotArrive = ({ status }: PatientMessage): boolean => status === 'suppressed' || status === 'failed' || status === 'undelivered'
