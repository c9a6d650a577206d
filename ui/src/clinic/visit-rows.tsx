import { Link } from 'wouter'
import type { DeskVisit, Journey } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useSession } from '../shared/staff/shell.tsx'
import { TableHead } from '../shared/staff/table-head.tsx'
import { useNow } from '../shared/staff/use-now.ts'
import { clockTime, exactTime, span } from '../shared/time.ts'
import { ChartChip, ConsentChip, FormChip, InsuranceChip, PaymentChip, PhotosChip, StageChip } from './chips.tsx'
import { SendLink } from './send-link.tsx'
import { type Names, nameOf } from './use-day.ts'

const t = clinicWords.visits
/** After that nobody is late any more: what became of the visit was not written down. */
const shownLateMaxMs = 4 * 3_600_000

function Time({ visit }: { visit: Journey }) {
  const { tenant } = useSession()
  if (!visit.startsAt) return <>{staff.none}</>
  return (
    <time dateTime={visit.startsAt} title={exactTime(visit.startsAt, tenant.timeZone)}>
      {clockTime(visit.startsAt, tenant.timeZone)}
    </time>
  )
}
interface Rows {
  rows: readonly DeskVisit[]
  names: Names
  /** Of the intake that comes next today, so that nobody has to compare clocks. */
  nextId: string | null
}

/** Who is next, and who should be here: only of visits that take place. */
function When({ journey, isNext }: { journey: Journey; isNext: boolean }) {
  const now = useNow(30_000)
  const lateMs = journey.startsAt && journey.visitStatus === 'booked' ? now - Date.parse(journey.startsAt) : 0
  const begun = lateMs > 0 && lateMs < shownLateMaxMs
  return (
    <>
      <Time visit={journey} />
      {isNext ? <span className="block font-medium">{deskWords.next}</span> : null}
      {begun ? <span className="block whitespace-nowrap! text-quiet">{deskWords.begun(span(lateMs))}</span> : null}
    </>
  )
}

/** The one link of a row, which j and k go to: the name where it is known, else the reference. */
function Who({ journey, names }: { journey: Journey; names: Names }) {
  const name = nameOf(names, journey.visitId)
  // The desk speaks English; whom it greets in another language it should know before.
  const language = journey.visitId ? names.get(journey.visitId)?.language : undefined
  return (
    <>
      <Link href={`/intakes/${journey.intakeId}`} data-row-link className="inline-block min-h-[24px]">
        {name ?? journey.reference}
      </Link>
      {name ? <span className="block whitespace-nowrap! text-quiet">{journey.reference}</span> : null}
      {language && language !== 'en' ? <span className="block text-quiet">{deskWords.contact.languages[language]}</span> : null}
    </>
  )
}
const whoText = ({ visitId, reference }: Journey, names: Names): string => nameOf(names, visitId) ?? reference

export function VisitTable({ rows, names, nextId }: Rows) {
  const heads = [t.time, deskWords.patient, t.with, deskWords.state, t.insurance, t.card, deskWords.consents, t.photos, t.chart, deskWords.link]
  return (
    <div className="panel">
      <table className="w-full border-collapse max-2xl:[&_span]:whitespace-normal max-2xl:[&_td]:px-2 max-2xl:[&_th]:px-2">
        <TableHead heads={heads} />
        <tbody>
          {rows.map((visit) => {
            const { journey } = visit
            return (
              <tr key={journey.intakeId} className="h-9 border-t border-line focus-within:bg-raised hover:bg-raised">
                <td className="px-3 py-1">
                  <When journey={journey} isNext={journey.intakeId === nextId} />
                </td>
                <td className="min-w-38 px-3 py-1 wrap-anywhere">
                  <Who journey={journey} names={names} />
                </td>
                <td className="min-w-24 px-3 py-1">{journey.practitioner ?? staff.none}</td>
                <td className="px-3 py-1">
                  <StageChip visit={visit} />
                </td>
                <td className="px-3 py-1">
                  <InsuranceChip journey={journey} />
                </td>
                <td className="min-w-32 px-3 py-1">
                  <PaymentChip journey={journey} />
                </td>
                <td className="px-3 py-1">
                  <ConsentChip journey={journey} withdrawn={visit.withdrawn} />
                </td>
                <td className="min-w-32 px-3 py-1">
                  <PhotosChip journey={journey} />
                </td>
                <td className="px-3 py-1">
                  <ChartChip journey={journey} />
                </td>
                <td className="min-w-32 max-w-44 px-3 py-1">
                  <SendLink visit={visit} who={whoText(journey, names)} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

export function VisitCards({ rows, names, nextId }: Rows) {
  return (
    <ul className="space-y-2">
      {rows.map((visit) => (
        <li key={visit.journey.intakeId} className="panel space-y-2 p-3">
          <div className="flex flex-wrap items-start justify-between gap-2">
            <div className="flex gap-3 font-medium">
              <span className="flex-none">
                <When journey={visit.journey} isNext={visit.journey.intakeId === nextId} />
              </span>
              <span className="min-w-0 wrap-anywhere">
                <Who journey={visit.journey} names={names} />
              </span>
            </div>
            <StageChip visit={visit} />
          </div>
          <p className="text-quiet">{visit.journey.practitioner}</p>
          <VisitStates visit={visit.journey} withdrawn={visit.withdrawn} inTwo />
          <SendLink visit={visit} who={whoText(visit.journey, names)} />
        </li>
      ))}
    </ul>
  )
}

/** Every state with its name: for a card, and for the visit's own page, which does not know what was taken back and says nothing of consents. */
export function VisitStates({ visit, withdrawn, inTwo = false }: { visit: Journey; withdrawn?: DeskVisit['withdrawn']; inTwo?: boolean }) {
  const states = [
    [t.form, <FormChip key="form" journey={visit} />],
    [t.insurance, <InsuranceChip key="insurance" journey={visit} />],
    [t.card, <PaymentChip key="card" journey={visit} />],
    ...(withdrawn ? [[deskWords.consents, <ConsentChip key="consents" journey={visit} withdrawn={withdrawn} />] as const] : []),
    [t.photos, <PhotosChip key="photos" journey={visit} />],
    [t.chart, <ChartChip key="chart" journey={visit} />],
  ] as const
  return (
    <dl
      className={`grid grid-cols-[6rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1 [&_span]:whitespace-normal ${inTwo ? 'sm:grid-cols-[6rem_minmax(0,1fr)_6rem_minmax(0,1fr)]' : ''}`}
    >
      {states.map(([name, chip]) => (
        <div key={name} className="contents">
          <dt className="text-quiet">{name}</dt>
          <dd>{chip}</dd>
        </div>
      ))}
    </dl>
  )
}
