import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Journey, listMessages, type PatientMessage, sendMessage, setOptOut, type VisitMessages } from '../client.gen.ts'
import { deskWords } from '../shared/messages/desk-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { useNow } from '../shared/staff/use-now.ts'
import { Notice } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { didNotArrive, messageText } from './message-text.ts'
import { refusalWords } from './send-link.tsx'
import { StopMessages } from './stop-messages.tsx'

const t = deskWords.linkPanel
type Channel = PatientMessage['channel']
const channels: readonly Channel[] = ['sms', 'mail']
const pollMs = 10_000

/** What was sent to the patient and what became of it; and by which ways the link can go out now. */
export function MessageList({ journey: { intakeId, updatedAt }, canSend }: { journey: Pick<Journey, 'intakeId' | 'updatedAt'>; canSend: boolean }) {
  const queries = useQueryClient()
  const messages = useQuery({
    queryKey: ['messages', intakeId, updatedAt],
    queryFn: ({ signal }) => listMessages({ params: { intakeId } }, { signal }),
    placeholderData: (old) => old,
    refetchInterval: pollMs,
  })
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: ['messages', intakeId] })
  const send = useMutation({
    mutationFn: ({ channel, atOnce }: { channel: Channel; atOnce: boolean }) =>
      sendMessage({ params: { intakeId }, body: { kind: 'invitation', channel, atOnce } }),
    onSettled: again,
  })
  const takeUp = useMutation({ mutationFn: (channel: Channel) => setOptOut({ params: { intakeId, channel }, body: { out: false } }), onSettled: again })
  if (messages.isPending) return <p className="text-quiet">{staff.loading}</p>
  if (!messages.data) return <ProblemNotice error={messages.error} words={t.messagesFailed} onAgain={() => void messages.refetch()} />
  const waiting = messages.data.messages.find(({ status, kind }) => status === 'planned' && kind === 'invitation')
  return (
    <div className="space-y-3">
      <div role="status" className="space-y-2">
        {send.isError ? (
          <Notice tone="failed">
            <p>{refusalWords(send.error)}</p>
          </Notice>
        ) : null}
        {takeUp.isSuccess && messages.data.channels[takeUp.variables].is !== 'opted-out' ? (
          <Notice tone="confirmed">
            <p>{t.takenUp}</p>
          </Notice>
        ) : null}
      </div>
      {takeUp.isError ? <ProblemNotice error={takeUp.error} words={refusalWords(takeUp.error)} /> : null}
      <Ways
        intakeId={intakeId}
        now={messages.data}
        canSend={canSend}
        busy={send.isPending}
        onSend={(channel) => send.mutate({ channel, atOnce: false })}
        onTakeUp={(channel) => takeUp.isPending || takeUp.mutate(channel)}
      />
      {canSend && waiting ? (
        <button
          type="button"
          className="button"
          aria-disabled={send.isPending}
          onClick={() => send.isPending || send.mutate({ channel: waiting.channel, atOnce: true })}
        >
          {t.atOnce}
        </button>
      ) : null}
      <Sent messages={messages.data.messages} />
    </div>
  )
}

/** Where nothing is to be sent from here any more, the hub still writes by itself: what ends that, and its end, stays. */
function Ways({
  intakeId,
  canSend,
  now: { channels: states, messages },
  busy,
  onSend,
  onTakeUp,
}: {
  intakeId: string
  canSend: boolean
  now: VisitMessages
  busy: boolean
  onSend(channel: Channel): void
  onTakeUp(channel: Channel): void
}) {
  return (
    <ul className="space-y-2">
      {channels.map((channel) => {
        const state = states[channel]
        const before = messages.some((message) => message.channel === channel && message.kind === 'invitation' && !didNotArrive(message))
        if (state.is === 'ready') {
          return (
            <li key={channel} className="flex flex-wrap items-center gap-2">
              {canSend ? (
                <button type="button" className="button" aria-disabled={busy} onClick={() => busy || onSend(channel)}>
                  {before ? t[`${channel}Again`] : t[channel]}
                </button>
              ) : null}
              <StopMessages intakeId={intakeId} channel={channel} />
            </li>
          )
        }
        if (!canSend && state.is !== 'opted-out' && state.is !== 'at-limit') return null
        const takeUp = state.is === 'opted-out' ? t.takeUp[state.cause]?.[channel] : undefined
        return (
          <li key={channel} className="flex flex-wrap items-center gap-2">
            <span className="text-quiet">{state.is === 'opted-out' ? t.stopped[state.cause][channel] : t.channel[state.is][channel]}</span>
            {takeUp ? (
              <button type="button" className="button" onClick={() => onTakeUp(channel)}>
                {takeUp}
              </button>
            ) : state.is === 'at-limit' ? (
              <StopMessages intakeId={intakeId} channel={channel} />
            ) : state.is === 'opted-out' && canSend ? (
              <span className="text-quiet">{t.meanwhile[channel]}</span>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}

function Sent({ messages }: { messages: readonly PatientMessage[] }) {
  const { timeZone } = useSession().tenant
  const now = useNow(30_000)
  if (messages.length === 0) return <p className="text-quiet">{t.noMessages}</p>
  return (
    <>
      <h3 className="font-medium">{t.history}</h3>
      <ol className="space-y-1">
        {messages.map((message) => (
          <li key={message.id} title={exactTime(message.statusAt, timeZone)}>
            {deskWords.message.kinds[message.kind]}, {deskWords.message.by[message.channel].toLowerCase()}:{' '}
            <span className={didNotArrive(message) ? 'text-failed' : 'text-quiet'}>{messageText(message, now, timeZone)}</span>
            {message.code ? <code className="ms-2 text-quiet select-all">{message.code}</code> : null}
          </li>
        ))}
      </ol>
    </>
  )
}
