import { Link } from 'wouter'
import type { FormItem, FormList } from '../client.gen.ts'
import { formsWords as t } from '../shared/messages/forms-words.ts'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { namesOf } from './form-check.ts'
import { Loaded } from './one-panel.tsx'
import { useForms } from './use-forms.ts'

/** The clinic's own questions: what is asked, and what was. */
export function FormsPage() {
  const forms = useForms()
  return (
    <>
      <PageTitle title={t.page}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      <Loaded of={forms}>{(list) => <List list={list} />}</Loaded>
    </>
  )
}

function List({ list: { items, askedMax } }: { list: FormList }) {
  const mayWrite = useMay('form.write')
  const isFull = items.filter(({ endedAt }) => endedAt === null).length >= askedMax
  return (
    <div className="space-y-4">
      {!mayWrite ? null : isFull ? (
        <p>{t.full(askedMax)}</p>
      ) : (
        <p>
          <Link href="/forms/~new" className="button">
            {t.add}
          </Link>
        </p>
      )}
      {items.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyText} />
      ) : (
        <section aria-label={t.page} className="panel overflow-x-auto">
          <table className="w-full">
            <TableHead heads={Object.values(t.heads)} />
            <tbody>
              {items.map((form) => (
                <FormRow key={form.id} form={form} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  )
}

function FormRow({ form }: { form: FormItem }) {
  const { tenant } = useSession()
  return (
    <tr className="h-9 border-t border-line">
      <th scope="row" className="min-w-40 px-3 py-1 text-start font-medium">
        <Link href={`/forms/${form.id}`}>{form.title}</Link> <code className="text-quiet select-all">{form.id}</code>
      </th>
      <td className="px-3 py-1">{form.version}</td>
      <td className="px-3 py-1">{form.questions}</td>
      <td className="px-3 py-1">
        <AskedChip form={form} />
      </td>
      <td className="px-3 py-1">
        <CompleteChip missing={form.incomplete} />
      </td>
      <td className="min-w-28 px-3 py-1 lg:whitespace-nowrap">{t.by(shortTime(form.askedFrom, tenant.timeZone), form.savedBy)}</td>
    </tr>
  )
}

export const AskedChip = ({ form }: { form: Pick<FormItem, 'endedAt'> }) =>
  form.endedAt === null ? <StateChip tone="confirmed">{t.asked}</StateChip> : <StateChip tone="checking">{t.ended}</StateChip>

export const CompleteChip = ({ missing }: { missing: FormItem['incomplete'] }) =>
  missing.length === 0 ? <StateChip tone="confirmed">{t.complete}</StateChip> : <StateChip tone="needs-someone">{t.missing(namesOf(missing))}</StateChip>
