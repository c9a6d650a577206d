import { languageNames } from '@heliox/core/messages'
import type { ConsentVersion } from '../client.gen.ts'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'

/** What was signed stays readable as it was; nobody can change it here or anywhere. */
export function ConsentVersions({ versions }: { versions: readonly ConsentVersion[] }) {
  return (
    <section aria-labelledby="versions-title" className="space-y-2">
      <h2 id="versions-title">{t.history}</h2>
      {versions.length === 0 ? <p className="text-quiet">{t.noHistory}</p> : null}
      <ul className="space-y-2">
        {versions.map((version) => (
          <Version key={version.version} version={version} />
        ))}
      </ul>
    </section>
  )
}

function Version({ version }: { version: ConsentVersion }) {
  const { timeZone } = useSession().tenant
  const from = shortTime(version.from, timeZone)
  const when = version.until ? t.until(from, shortTime(version.until, timeZone)) : t.since(from)
  const facts = [t.by(when, version.publishedBy), t.signed(version.signed.count, version.signed.more), ...(version.coversBankAccounts ? [t.accounts] : [])]
  return (
    <li className="panel p-4">
      <details>
        <summary>{t.versionOf(version.version)}</summary>
        <div className="mt-3 space-y-4">
          {version.texts.map(({ language, title, body }) => (
            <article key={language} lang={language} aria-label={languageNames[language]} className="space-y-1">
              <h3 className="font-semibold">{title}</h3>
              <p className="whitespace-pre-line">{body}</p>
            </article>
          ))}
        </div>
      </details>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        {version.until === null ? <StateChip tone="confirmed">{t.inForce}</StateChip> : null}
        <span className="text-quiet">{facts.join(' · ')}</span>
      </p>
    </li>
  )
}
