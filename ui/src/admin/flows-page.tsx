import { useQuery } from '@tanstack/react-query'
import { listFlows } from '../client.gen.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { EmptyState, PageTitle } from '../shared/staff/shell.tsx'

const t = staff.flows

export function FlowsPage() {
  const flows = useQuery({ queryKey: ['flows'], queryFn: ({ signal }) => listFlows({}, { signal }) })
  return (
    <>
      <PageTitle title={t.title}>
        <p className="text-quiet">{t.lead}</p>
      </PageTitle>
      {flows.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !flows.data ? (
        <ProblemNotice error={flows.error} onAgain={() => void flows.refetch()} />
      ) : flows.data.items.length === 0 ? (
        <EmptyState title={t.empty} />
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {flows.data.items.map((flow) => (
            <li key={`${flow.name} ${flow.version}`} className="panel p-4">
              <h2>
                {flow.name} <span className="text-quiet">v{flow.version}</span>
              </h2>
              <dl className="mt-2 grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1">
                <dt className="text-quiet">{t.enters}</dt>
                <dd className="wrap-anywhere">{flow.enters.join(', ') || staff.none}</dd>
                <dt className="text-quiet">{t.leaves}</dt>
                <dd className="wrap-anywhere">{flow.leaves.join(', ') || staff.none}</dd>
                <dt className="text-quiet">{t.hash}</dt>
                <dd className="truncate select-all" title={flow.hash}>
                  {flow.hash}
                </dd>
              </dl>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
