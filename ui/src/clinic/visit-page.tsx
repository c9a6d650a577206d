import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { getPhotoUrl, listPhotos, type PhotoList } from '../client.gen.ts'
import { clinicWords } from '../shared/messages/clinic-words.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { PageTitle, useMay, useSession } from '../shared/staff/shell.tsx'
import { Timeline, useJourney } from '../shared/staff/timeline.tsx'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { dayOf } from '../shared/time.ts'
import { AccessesPanel } from './accesses-panel.tsx'
import { AnswersPanel } from './answers-panel.tsx'
import { ChartPanel } from './chart-panel.tsx'
import { OverallChip } from './chips.tsx'
import { ConsentsPanel } from './consents-panel.tsx'
import { ContactPanel } from './contact-panel.tsx'
import { FormAnswersPanel } from './form-answers-panel.tsx'
import { InsuranceNote } from './insurance-note.tsx'
import { LinkPanel } from './link-panel.tsx'
import { PaymentsPanel } from './payments-panel.tsx'
import { useConsents } from './use-consents.ts'
import { useVisitNow } from './use-visit-now.ts'
import { VisitChangePanel } from './visit-change-panel.tsx'
import { VisitStates } from './visit-rows.tsx'

const t = clinicWords.visit

/** One visit: its states, the card photos that were found clean, and what happened. */
export function VisitPage({ intakeId }: { intakeId: string }) {
  const { timeZone } = useSession().tenant
  const journey = useJourney(intakeId)
  const mayPhotos = useMay('photo.read')
  const mayLink = useMay('visit.link')
  const mayContact = useMay('contact.read')
  const mayPay = useMay('payment.read')
  const mayAnswers = useMay('answers.read')
  const mayAudit = useMay('audit.read')
  const mayFormAnswers = useMay('form-answer.read')
  const visit = journey.data?.journey
  const isSent = visit?.intake === 'submitted'
  const consents = useConsents({ intakeId, updatedAt: visit?.updatedAt, isSent })
  const now = useVisitNow({ visitId: visit?.visitId, updatedAt: visit?.updatedAt })
  const ofAnother = now.data?.ofAnother ?? null
  const isAsking = isSent && (consents.isPending || now.isLoading)
  const withdrawn = consents.data?.items.flatMap(({ kind, withdrawnAt }) => (withdrawnAt === null ? [] : [kind])) ?? (isSent ? null : [])
  return (
    <>
      <p className="mb-2">
        <Link href="/" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      <PageTitle title={visit ? t.titleOf(visit.reference) : staff.pages.visits}>
        {visit && !isAsking ? <OverallChip visit={{ journey: visit, message: null, withdrawn, ofAnother, linkEnded: null }} /> : null}
        {mayContact && visit?.visitId ? (
          <Link href={`/print?visit=${visit.visitId}&day=${visit.startsAt ? dayOf(visit.startsAt, timeZone) : ''}`} className="button">
            {deskWords.print}
          </Link>
        ) : null}
      </PageTitle>
      {journey.isError && !visit ? (
        <ProblemNotice error={journey.error} onAgain={() => void journey.refetch()} />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[24rem_minmax(0,1fr)]">
          <div className="space-y-6">
            {mayContact && visit?.visitId ? <ContactPanel journey={{ ...visit, visitId: visit.visitId }} /> : null}
            {mayLink && visit ? <LinkPanel journey={visit} ofAnother={ofAnother === true} /> : null}
            {visit?.visitId ? <VisitChangePanel journey={{ ...visit, visitId: visit.visitId }} /> : null}
            {visit ? (
              <section className="panel space-y-3 p-4">
                <VisitStates visit={visit} />
                <InsuranceNote visit={visit} />
              </section>
            ) : null}
            {visit && isSent ? <ConsentsPanel intakeId={intakeId} updatedAt={visit.updatedAt} /> : null}
            {mayAnswers && isSent ? <AnswersPanel intakeId={intakeId} /> : null}
            {visit?.visitId ? <ChartPanel journey={{ ...visit, visitId: visit.visitId }} /> : null}
            {mayPay && visit && isSent ? <PaymentsPanel intakeId={intakeId} isCancelled={visit.visitStatus === 'cancelled'} /> : null}
            {mayFormAnswers && isSent ? <FormAnswersPanel intakeId={intakeId} /> : null}
            {mayPhotos ? <Photos intakeId={intakeId} isSent={isSent} key={`${visit?.photosClean} ${visit?.photosRejected} ${visit?.intake}`} /> : null}
          </div>
          <div className="space-y-6">
            <section aria-labelledby="journey-title" className="space-y-3">
              <h2 id="journey-title">{t.journey}</h2>
              <Timeline journey={journey} />
            </section>
            {mayAudit && visit?.visitId ? <AccessesPanel visitId={visit.visitId} /> : null}
          </div>
        </div>
      )}
    </>
  )
}

type Photo = PhotoList['items'][number]
const photoTones = { expected: 'checking', quarantined: 'checking', clean: 'confirmed', rejected: 'failed' } as const satisfies Record<Photo['status'], Tone>
const kinds = { 'card-front': t.front, 'card-back': t.back2 } as const

function Photos({ intakeId, isSent }: { intakeId: string; isSent: boolean }) {
  const photos = useQuery({ queryKey: ['photos', intakeId], queryFn: ({ signal }) => listPhotos({ params: { intakeId } }, { signal }) })
  return (
    <section aria-labelledby="photos-title" className="panel space-y-3 p-4">
      <h2 id="photos-title">{t.photos}</h2>
      {photos.isPending ? (
        <p className="text-quiet">{staff.loading}</p>
      ) : !photos.data ? (
        <ProblemNotice error={photos.error} words={t.photosFailed} onAgain={() => void photos.refetch()} />
      ) : photos.data.items.length === 0 ? (
        <p className="text-quiet">{t.noPhotos}</p>
      ) : (
        <>
          <p className="text-quiet">{t.audited}</p>
          <ul className="space-y-3">
            {photos.data.items.map((photo) => (
              <PhotoItem key={photo.id} photo={photo} formSent={isSent} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

/** Fetched only when asked for: each look is in the audit log, and the URL ends after two minutes. Nothing of a form that was not sent can be opened. */
function PhotoItem({ photo, formSent }: { photo: Photo; formSent: boolean }) {
  const show = useMutation({ mutationFn: () => getPhotoUrl({ params: { uploadId: photo.id } }), gcTime: 0 })
  return (
    <li className="space-y-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>{kinds[photo.kind]}</span>
        <StateChip tone={photoTones[photo.status]}>{t.states[photo.status]}</StateChip>
      </div>
      {photo.sent ? null : <p>{formSent ? t.notSentWithForm : t.formNotSent}</p>}
      {photo.reason ? <p>{t.reasons[photo.reason] ?? photo.reason}</p> : null}
      {photo.status === 'clean' && formSent && !show.data ? (
        <button
          type="button"
          className="button"
          aria-label={t.showOf(kinds[photo.kind])}
          aria-disabled={show.isPending}
          onClick={() => show.isPending || show.mutate()}
        >
          {t.show}
        </button>
      ) : null}
      {show.isError ? <ProblemNotice error={show.error} words={t.notShown} /> : null}
      {show.data ? <img src={show.data.url} alt={kinds[photo.kind]} className="w-full rounded border border-line" /> : null}
    </li>
  )
}
