import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { getWeather, type PayerWeather } from '../client.gen.ts'
import { opsWords } from '../shared/messages/ops-words.ts'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { StateChip, type Tone } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { useOpsStream } from './use-ops-stream.ts'
import { when } from './words.ts'

const t = opsWords.weather
const pollMs = 30_000
const shownMax = 8
const tones: Record<PayerWeather['state'], Tone> = {
  open: 'failed',
  probing: 'checking',
  closed: 'checking',
  suspicious: 'provisional',
  ok: 'confirmed',
}

/**
 * How the payers answer now: trouble by name, worst first, and the rest as one number. It follows by itself and keeps its
 * line's height, since nothing below it may move while someone reads.
 */
export function WeatherStrip() {
  const may = useMay('live.read')
  const weather = useQuery({
    queryKey: ['weather'],
    queryFn: ({ signal }) => getWeather({}, { signal }),
    enabled: may,
    refetchInterval: pollMs,
    retry: false,
  })
  useOpsStream((event) => event === 'breaker' && may && void weather.refetch())
  if (!may) return null
  const payers = weather.data?.payers ?? []
  const trouble = payers.filter(({ state }) => state !== 'ok')
  const shown = trouble.slice(0, shownMax)
  const fine = payers.length - trouble.length
  return (
    <section aria-labelledby="weather-title" className="mb-1 flex min-h-[32px] flex-wrap items-center gap-x-4 gap-y-1.5">
      <h2 id="weather-title" className="text-[1em]">
        {t.title}
      </h2>
      {weather.isPending ? <p className="text-quiet">{t.loading}</p> : null}
      {/* The last known weather is no weather when it cannot be refreshed. */}
      {weather.isError ? <p className="text-quiet">{weather.data ? t.stale : t.failed}</p> : null}
      {shown.length > 0 ? (
        <ul className="contents">
          {shown.map((payer) => (
            <Payer key={`${payer.partner} ${payer.payerId}`} payer={payer} />
          ))}
        </ul>
      ) : null}
      {trouble.length > shown.length ? <p className="text-quiet">{t.more(trouble.length - shown.length)}</p> : null}
      {fine > 0 ? <StateChip tone="confirmed">{trouble.length > 0 ? t.restFine(fine) : t.allFine(fine)}</StateChip> : null}
      {weather.data && payers.length === 0 ? <p className="text-quiet">{t.none}</p> : null}
    </section>
  )
}

function Payer({ payer }: { payer: PayerWeather }) {
  const { tenant } = useSession()
  const { state, since, next, waiting, held } = payer
  const exact = [since ? t.sinceExact(exactTime(since, tenant.timeZone)) : '', next ? t.nextExact(exactTime(next, tenant.timeZone)) : '']
    .filter(Boolean)
    .join(' ')
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
      <Link href={`/?payer=${encodeURIComponent(payer.payerId)}`} className="inline-flex min-h-[24px] items-center">
        {payer.payerName}
      </Link>
      <StateChip tone={tones[state]}>
        <span title={exact || undefined}>
          {t.states[state]}
          {state === 'closed' && next ? ` ${t.until(when(next, tenant.timeZone))}` : since && state !== 'ok' ? ` ${t.since(when(since, tenant.timeZone))}` : ''}
        </span>
      </StateChip>
      {waiting > 0 || held > 0 ? <span className="text-quiet">{t.counts(waiting, held)}</span> : null}
      {state !== 'closed' && next ? <span className="text-quiet">{t.next(when(next, tenant.timeZone))}</span> : null}
    </li>
  )
}
