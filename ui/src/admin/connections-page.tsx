import { Link } from 'wouter'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { StateChip } from '../shared/state-chip.tsx'
import { shortTime } from '../shared/time.ts'
import { usePartners } from './use-connections.ts'

const t = staff.connections

export function ConnectionsPage() {
  const { tenant } = useSession()
  const partners = usePartners()
  const mayWrite = useMay('connection.write')
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {partners.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !partners.data ? (
        <ProblemNotice error={partners.error} onAgain={() => void partners.refetch()} />
      ) : partners.data.length === 0 ? (
        <EmptyState title={t.empty} />
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {partners.data.map(({ adapter, connection }) => (
            <li key={adapter.id} className="panel flex flex-col gap-3 p-4">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <h2>{adapter.title}</h2>
                {connection ? <StateChip tone="confirmed">{t.connected}</StateChip> : <StateChip tone="needs-someone">{t.notConnected}</StateChip>}
              </div>
              <ul className="list-disc ps-4" aria-label={t.does}>
                {adapter.operations.map((operation) => (
                  <li key={`${operation.name} ${operation.version}`}>
                    {operation.summary}{' '}
                    <code className="wrap-anywhere text-quiet select-all">
                      {adapter.id}.{operation.name}.v{operation.version}
                    </code>
                  </li>
                ))}
              </ul>
              <div className="mt-auto flex flex-wrap items-center justify-between gap-2">
                <span className="text-quiet">{connection ? t.updated(shortTime(connection.updatedAt, tenant.timeZone)) : ''}</span>
                {mayWrite ? (
                  <Link href={`/connections/${adapter.id}`} className="button">
                    {connection ? t.edit : t.connect}
                    <span className="sr-only">: {adapter.title}</span>
                  </Link>
                ) : null}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
