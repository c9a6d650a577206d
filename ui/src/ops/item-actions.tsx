import { Users } from 'lucide-react'
import { useState } from 'react'
import type { AllowedAction, OverrideDetail } from '../client.gen.ts'
import { itemWords } from '../shared/messages/item-words.ts'
import { queueWords } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { useMay, useSession } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { exactTime } from '../shared/time.ts'
import { ActionDialog } from './action-dialog.tsx'
import type { ClaimState } from './claim.tsx'
import { DecisionPanel } from './decision-panel.tsx'

const w = itemWords.page

/** The action that is the next step; none where somebody else must act first. */
const fitting: Partial<Record<OverrideDetail['item']['nextAction'], AllowedAction['action']>> = {
  choose: 'choose',
  'patient-corrects': 'ask-patient',
  'correct-or-ask-patient': 'correct',
  'call-payer': 'confirm',
  'retry-or-other-route': 'retry',
  'retry-when-back': 'retry',
  'find-out-then-retry': 'retry',
}

/** What can be done with an item, or what is being done with it, or what was done. */
export function ItemActions({ detail, claim, refresh }: { detail: OverrideDetail; claim: ClaimState; refresh(): Promise<void> }) {
  const { item, allowed } = detail
  const mayDecide = useMay('override.decide')
  const [chosen, setChosen] = useState<AllowedAction | null>(null)
  const choose = async (action: AllowedAction): Promise<void> => {
    // Nobody else starts on it while one writes the note.
    if (!claim.may || (await claim.take())) setChosen(action)
  }
  return (
    <div className="space-y-4">
      {item.status === 'resolved' ? (
        <Resolved detail={detail} />
      ) : item.decision ? (
        <DecisionPanel decision={item.decision} refresh={refresh} />
      ) : (
        <section id="actions" tabIndex={-1} aria-labelledby="actions-title" className="panel space-y-3 p-4 outline-none">
          <h2 id="actions-title">{w.actions}</h2>
          {!mayDecide ? (
            <p className="text-quiet">{w.mayNot}</p>
          ) : claim.by === 'other' ? (
            <Notice tone="needs-someone">
              <p>{itemWords.claim.takenNow(claim.name)}</p>
            </Notice>
          ) : allowed.length === 0 ? (
            <p className="text-quiet">{w.noActions}</p>
          ) : (
            <>
              <p className="text-quiet">{w.actionsLead}</p>
              <ul className="grid gap-2 sm:grid-cols-2">
                {allowed.map((action) => (
                  <li key={action.action}>
                    <button
                      type="button"
                      className={`button w-full ${action.action === fitting[item.nextAction] ? 'button-main' : ''}`}
                      aria-disabled={claim.busy}
                      onClick={() => void choose(action)}
                    >
                      {itemWords.actions[action.action].name}…
                      {action.needsSecond ? (
                        <>
                          <Users aria-hidden="true" className="size-4" />
                          <span className="sr-only">({w.twoPeople})</span>
                        </>
                      ) : null}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      )}
      {/* It stays open when somebody else was first: it is where that is said. */}
      {chosen ? <ActionDialog detail={detail} allowed={chosen} refresh={refresh} onClose={() => setChosen(null)} /> : null}
    </div>
  )
}

function Resolved({ detail: { item, decisions } }: { detail: OverrideDetail }) {
  const { tenant } = useSession()
  const last = decisions.find(({ state }) => state === 'carried-out')
  const how = last ? itemWords.actions[last.action].done : item.resolution ? queueWords.resolutions[item.resolution] : staff.none
  return (
    <section className="panel space-y-2 p-4">
      <h2>{queueWords.override.doneTitle}</h2>
      <p>
        {queueWords.override.doneText(
          how,
          last?.by.name ?? item.resolvedBy ?? staff.none,
          item.resolvedAt ? exactTime(item.resolvedAt, tenant.timeZone) : staff.none,
        )}
      </p>
    </section>
  )
}
