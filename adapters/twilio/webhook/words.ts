import type { inboundWords } from '@heliox/core/messaging'

type Word = (typeof inboundWords)[number]

/** After these Twilio sends the number nothing more from this sender, whatever we do; the others we take for the same wish in our languages. */
const stops = new Set([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'OPTOUT', 'OPT OUT', 'REVOKE'],
  ...['ALTO', 'PARAR', 'BAJA', 'CANCELAR', 'STOPP', 'ABMELDEN', 'ABBESTELLEN', 'ARRET', 'ARRETER', 'DESABONNER'],
])
/** Not "yes": it may answer something else, and a wish to be left alone is undone only by a clear word. */
const starts = new Set(['START', 'UNSTOP'])
const helps = new Set(['HELP', 'INFO', 'AYUDA', 'HILFE', 'AIDE'])
/** "Stop texting me" is meant as it says. */
const stopsFirst = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'STOPP', 'ARRET', 'ALTO'])

/** `optOutType`: Twilio's own reading, where the clinic has words of its own there. */
export function wordOf(body: string, optOutType: string | null): Word {
  if (optOutType === 'STOP') return 'stop'
  if (optOutType === 'START') return 'start'
  if (optOutType === 'HELP') return 'help'
  const words = body
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const whole = words.join(' ')
  if (stops.has(whole) || stopsFirst.has(words[0] ?? '')) return 'stop'
  if (starts.has(whole)) return 'start'
  return helps.has(whole) ? 'help' : 'other'
}
