/** What patients may read and sign in. A clinic offers some of them (`Branding.languages`); words exist in all of them. */
export const languageTags = ['en', 'es', 'de', 'fr'] as const

export const languageNames = { en: 'English', es: 'Español', de: 'Deutsch', fr: 'Français' } as const satisfies Record<(typeof languageTags)[number], string>
/** How dates, times and amounts are written. */
export const locales = { en: 'en-US', es: 'es-US', de: 'de-DE', fr: 'fr-FR' } as const satisfies Record<(typeof languageTags)[number], string>

/** The first that is wanted and offered (`de-AT` asks for `de`); else the first that is offered. */
export function offeredLanguage<Tag extends string>(wanted: readonly string[], offered: readonly [Tag, ...Tag[]]): Tag {
  for (const tag of wanted) {
    const [main] = tag.trim().toLowerCase().split('-')
    const found = offered.find((known) => known === main)
    if (found) return found
  }
  return offered[0]
}
