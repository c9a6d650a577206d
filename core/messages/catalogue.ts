import type { LanguageTag } from '../kit/index.ts'
import { consentMessages } from './consent-words.ts'
import { endedOnce } from './ended-once.ts'
import { insuranceMessages } from './insurance-messages.ts'
import { methodMessages } from './method-messages.ts'
import { moneyMessages } from './money-messages.ts'
import { pageMessages } from './page-messages.ts'
import { stopMessages } from './stop-messages.ts'
import { visitMessages } from './visit-messages.ts'

/**
 * What patients read about where things stand, in every language, complete by type: a key without a language does not
 * compile. Each state says what happened, what it means for me, and what to do by when. `{name}` is filled by `fill`.
 */
const messages = {
  ...pageMessages,
  ...visitMessages,
  ...insuranceMessages,
  ...methodMessages,
  ...moneyMessages,
  ...consentMessages,
  ...stopMessages,
} as const satisfies Record<string, Record<LanguageTag, string>>

export type MessageKey = keyof typeof messages
export const messageKeys = Object.keys(messages) as [MessageKey, ...MessageKey[]]

/** The words of one key with its values; a value that is missing is a bug, found by the test that fills every key. */
export function fill(key: MessageKey, language: LanguageTag, values: Readonly<Record<string, string>> = {}): string {
  const text = messages[key][language].replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`message ${key} needs {${name}}`)
    return value
  })
  return endedOnce(text)
}
