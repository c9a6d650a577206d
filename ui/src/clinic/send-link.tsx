import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { ApiError, type DeskVisit, sendMessage } from '../client.gen.ts'
import { deskWords as t } from '../shared/messages/desk-words.ts'
import { wordsFor } from '../shared/staff/problem.tsx'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { useNow } from '../shared/staff/use-now.ts'
import { didNotArrive, messageText } from './message-text.ts'
import { stageOf } from './stage.ts'

export const refusalWords = (error: unknown): string => (error instanceof ApiError ? (t.refused[error.code] ?? wordsFor(error)) : wordsFor(error))

/** In a row: what became of the last message, and the link to be sent (again). What was refused stays beside the button. */
export function SendLink({ visit, who }: { visit: DeskVisit; who: string }) {
  const { timeZone } = useSession().tenant
  const now = useNow(30_000)
  const queries = useQueryClient()
  const may = useMay('visit.link')
  const { intakeId } = visit.journey
  const send = useMutation({
    mutationFn: () => sendMessage({ params: { intakeId }, body: { kind: 'invitation' } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['day'] }),
  })
  const stage = stageOf(visit)
  const canSend = may && (stage === 'not-sent' || stage === 'sent' || stage === 'opened')
  // Until the list knows of it: what the list says later is truer than what the click was told.
  const message = send.data && (visit.message?.statusAt ?? '') < send.data.statusAt ? send.data : visit.message
  const label = message && !didNotArrive(message) ? t.again : t.send
  return (
    <div className="space-y-1">
      {message && (canSend || didNotArrive(message)) ? (
        <p className={didNotArrive(message) ? 'text-failed' : 'text-quiet'}>
          {t.message.by[message.channel]}, {messageText(message, now, timeZone)}
        </p>
      ) : null}
      <p role="status" className="text-failed empty:hidden">
        {send.isError ? refusalWords(send.error) : ''}
      </p>
      {canSend ? (
        <button
          type="button"
          className="button min-h-[28px] px-2 py-0"
          aria-label={t.sendTo(label, who)}
          aria-disabled={send.isPending}
          onClick={() => send.isPending || send.mutate()}
        >
          {send.isPending ? t.sending : label}
        </button>
      ) : null}
      {may && stage === 'link-ended' ? (
        <Link href={`/intakes/${intakeId}`} className="inline-block min-h-[24px]" aria-label={t.newLinkFor(who)}>
          {t.newLink}
        </Link>
      ) : null}
    </div>
  )
}
