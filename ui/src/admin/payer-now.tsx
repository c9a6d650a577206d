import type { PayerDetail } from '../client.gen.ts'
import { payerWords as t } from '../shared/messages/payer-words.ts'
import { DoubtList } from '../shared/staff/doubt-list.tsx'
import { useSession } from '../shared/staff/shell.tsx'
import { shortTime } from '../shared/time.ts'
import { BelievedChip, HoursNow } from './payers-page.tsx'

/** How the payer answers now, in words; the rules' names stand behind the words. */
export function PayerNow({ payer }: { payer: PayerDetail }) {
  const { tenant } = useSession()
  return (
    <section aria-labelledby="now-title" className="panel space-y-3 p-4">
      <h2 id="now-title">{t.now}</h2>
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
        <dt className="text-quiet">{t.hours}</dt>
        <dd>
          <HoursNow payer={payer} />
        </dd>
        <dt className="text-quiet">{t.lastSeen}</dt>
        <dd>{payer.lastSeenAt ? shortTime(payer.lastSeenAt, tenant.timeZone) : t.never}</dd>
        <dt className="text-quiet">{t.health}</dt>
        <dd className="space-y-1">
          <BelievedChip payer={payer} />
          {payer.suspiciousSince ? <p>{t.doubtedSince(shortTime(payer.suspiciousSince, tenant.timeZone))}</p> : null}
          {payer.suspicions.length > 0 ? <DoubtList doubts={payer.suspicions} /> : null}
        </dd>
        {payer.canaryResults.length > 0 ? (
          <>
            <dt className="text-quiet">{t.canaries}</dt>
            <dd>
              <ul className="space-y-1">
                {payer.canaryResults.map((result) => (
                  <li key={result.known}>
                    {t.canaryResult(result.known)}: {wordOf(result)}
                    {result.answeredAt ? <span className="text-quiet"> {shortTime(result.answeredAt, tenant.timeZone)}</span> : null}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  )
}

/** "Yes" is what a member who always has cover must get; anything but "yes" is right for one who does not exist. */
function wordOf({ known, verdict }: PayerDetail['canaryResults'][number]): string {
  if (verdict === null) return t.canaryNotYet
  const yes = verdict === 'active' || verdict === 'mixed'
  return yes === (known === 'active') ? t.canaryRight : t.canaryWrong
}
