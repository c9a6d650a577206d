/**
 * A message as staff may see it, whatever view it stands in: what it says, and to whom; never what opens something. Whoever reads a link or a code
 * could be the patient. The sealed words stay as they are for the sending.
 */
const hidden = '…'
const address = /https?:\/\/[^\s"'<>]+/gi
/** A code, however its digits are grouped or joined to what stands beside them. */
const digits = /\d(?:[ -]?\d){5,}/g

const isMessage = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && 'messageId' in value && 'to' in value

/** Of anything else than a message nothing is hidden: a person may have to correct it. */
export function withoutKeys(value: unknown): unknown {
  if (!isMessage(value)) return value
  const { messageId, to, notAfter, ...words } = value
  return { messageId, to, ...(hide(words) as object), ...(notAfter !== undefined && { notAfter }) }
}

function hide(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(address, hidden).replace(digits, hidden)
  if (Array.isArray(value)) return value.map(hide)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hide(one)]))
  return value
}
