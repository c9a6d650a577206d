import type { LanguageTag } from '@heliox/core/kit'
import type { ReactNode } from 'react'
import type { IntakeView } from '../client.gen.ts'
import { languageNames, useText } from '../shared/messages/index.ts'

/** The clinic's name, the language, the page, and where to ask: the same on every page (WCAG 3.2.6). */
export function Frame({
  clinic,
  language,
  onLanguage,
  children,
}: {
  clinic: IntakeView['clinic'] | null
  language: LanguageTag
  onLanguage(language: LanguageTag): void
  children: ReactNode
}) {
  const text = useText()
  const offered = clinic?.languages ?? [language]
  return (
    <div className="mx-auto flex min-h-dvh max-w-[36rem] flex-col px-4">
      {/* A button, because the hash of this page belongs to the steps of the form. */}
      <button
        type="button"
        className="sr-only focus:not-sr-only focus:absolute focus:bg-surface focus:p-2"
        onClick={() => document.getElementById('main')?.focus()}
      >
        {text.skip}
      </button>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line py-3">
        <p className="flex items-center gap-3 font-semibold">
          {/* The name stands beside it. A logo is drawn for a white page. */}
          {clinic?.logoUrl ? <img src={clinic.logoUrl} alt="" className="h-8 max-w-40 rounded bg-white object-contain" /> : null}
          {clinic?.name ?? ''}
        </p>
        <label className="inline-flex items-center">
          <span className="sr-only">{text.languageLabel}</span>
          <select
            className="min-h-[36px] rounded-md border border-edge bg-surface px-2 text-text"
            value={language}
            onChange={(event) => {
              const tag = offered.find((known) => known === event.target.value)
              if (tag) onLanguage(tag)
            }}
          >
            {offered.map((tag) => (
              <option key={tag} value={tag} lang={tag}>
                {languageNames[tag]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <main id="main" tabIndex={-1} className="flex-1 py-6 outline-none">
        {children}
      </main>
      {clinic ? (
        <footer className="border-t border-line py-4 text-quiet">
          <HelpLine phone={clinic.phone} />
        </footer>
      ) : null}
    </div>
  )
}

/** The number is a link: on a phone one tap calls. */
function HelpLine({ phone }: { phone: string }) {
  const text = useText()
  const [before, after] = text.needHelp('\u0000').split('\u0000')
  return (
    <p>
      {before}
      <a dir="ltr" href={`tel:${phone.replace(/[^+\d]/g, '')}`} className="inline-block min-h-[24px] whitespace-nowrap">
        {phone}
      </a>
      {after}
    </p>
  )
}
