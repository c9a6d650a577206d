import { Link } from 'wouter'
import type { ConsentKindItem } from '../client.gen.ts'
import { consentsWords as t } from '../shared/messages/consents-words.ts'
import { PageTitle, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { namesOf } from './form-check.ts'
import { Loaded } from './one-panel.tsx'
import { codeByLaw, useConsents } from './use-consents.ts'

/** Every kind of text that patients sign, and what of it is in force. */
export function ConsentsPage() {
  const consents = useConsents()
  return (
    <>
      <PageTitle title={t.page}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      <Loaded of={consents}>
        {({ items, bankAccounts }) => (
          <section aria-label={t.page} className="panel overflow-x-auto">
            <table className="w-full">
              <TableHead heads={Object.values(t.heads)} />
              <tbody>
                {items.map((item) => (
                  <KindRow key={item.kind} item={item} bankAccounts={bankAccounts} />
                ))}
              </tbody>
            </table>
          </section>
        )}
      </Loaded>
    </>
  )
}

function KindRow({ item, bankAccounts }: { item: ConsentKindItem; bankAccounts: boolean }) {
  const { timeZone } = useSession().tenant
  const newest = [...item.inForce].sort((a, b) => (a.from < b.from ? 1 : -1))[0]
  return (
    <tr className="h-9 border-t border-line">
      <th scope="row" className="min-w-44 px-3 py-1 text-start font-medium">
        <Link href={`/consents/${item.kind}`}>{t.kinds[item.kind]}</Link>
      </th>
      <td className="min-w-36 px-3 py-1">{t.needs[item.need]}</td>
      <td className="px-3 py-1 whitespace-nowrap">{versionsIn(item)}</td>
      <td className="px-3 py-1">
        <LanguagesChip item={item} />
      </td>
      <td className="px-3 py-1">
        <SaysChip item={item} bankAccounts={bankAccounts} />
      </td>
      <td className="min-w-28 px-3 py-1 lg:whitespace-nowrap">{newest ? t.by(shortTime(newest.from, timeZone), newest.publishedBy) : ''}</td>
    </tr>
  )
}

/** One number; where languages differ, each with its own. */
export function versionsIn({ inForce }: Pick<ConsentKindItem, 'inForce'>): string {
  const numbers = new Set(inForce.map(({ version }) => version))
  if (numbers.size === 0) return t.none
  return numbers.size === 1 ? String(inForce[0]?.version) : inForce.map(({ language, version }) => `${language} ${version}`).join(', ')
}

/** Without a text that every form needs, nobody who reads that language can send one. */
export const LanguagesChip = ({ item: { missing, need } }: { item: Pick<ConsentKindItem, 'missing' | 'need'> }) =>
  missing.length === 0 ? (
    <StateChip tone="confirmed">{t.complete}</StateChip>
  ) : (
    <StateChip tone={need === 'always' ? 'failed' : 'needs-someone'}>{t.missing(namesOf(missing))}</StateChip>
  )

function SaysChip({ item, bankAccounts }: { item: ConsentKindItem; bankAccounts: boolean }) {
  const { region } = useSession().tenant
  if (item.inForce.length === 0) return null
  if (item.kind === 'card-authorisation') {
    if (item.coversBankAccounts) return <StateChip tone="confirmed">{t.accounts}</StateChip>
    return bankAccounts ? <StateChip tone="needs-someone">{t.noAccounts}</StateChip> : <span>{t.noAccounts}</span>
  }
  if (item.kind !== 'electronic-signature') return null
  if (item.asksForCode) return <StateChip tone="confirmed">{t.code}</StateChip>
  return codeByLaw(region) ? <StateChip tone="needs-someone">{t.noCode}</StateChip> : <span>{t.noCode}</span>
}
