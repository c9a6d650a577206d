import type { MessageRefusal } from '@heliox/core/messaging'

/**
 * Twilio's numbers, and what they mean for a patient. 21xxx come as the answer to a request, 30xxx later, with a receipt; both may stand on a
 * message that is read back. A number that is not here is either a fault of ours (in an answer) or means nothing to us (in a receipt).
 */
const refusals: Readonly<Record<MessageRefusal, readonly number[]>> = {
  'opted-out': [21610],
  'number-invalid': [21211, 21217, 21401, 21421, 30005],
  'number-unreachable': [21612, 30003, 30004],
  'not-a-mobile': [21614, 30006],
  'content-refused': [21617, 30007, 30019],
  /** The clinic's account or its sender: region not opened, number not owned, campaign not registered, trial account. */
  'sender-refused': [21408, 21603, 21606, 21608, 21659, 21660, 21661, 21703, 21704, 21712, 30002, 30024, 30032, 30033, 30034, 30035, 30038],
  'mailbox-unknown': [],
  'mailbox-full': [],
  /** It waited at Twilio for longer than we said that it may. */
  'too-late': [30036],
}
const byCode = new Map(Object.entries(refusals).flatMap(([refusal, codes]) => codes.map((code) => [code, refusal as MessageRefusal] as const)))

export const refusalOf = (code: number | null | undefined): MessageRefusal | undefined => (code == null ? undefined : byCode.get(code))

/** The key, the account, or its permission: nothing that asking again mends. 20404 about the account itself is a wrong account SID. */
export const credentialCodes: ReadonlySet<number> = new Set([20003, 20005, 20006, 20008, 20010, 20404, 70051])
