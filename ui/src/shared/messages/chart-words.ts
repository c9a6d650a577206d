import type { ChartToForget, VisitNow } from '../../client.gen.ts'

/** Words for the chart that the hub goes by, at the front desk. */
export const chartWords = {
  title: 'The chart',
  known: (since: string) => `The hub knows this patient’s chart since ${since}.`,
  source: {
    found: 'It was found by our number in it.',
    chosen: 'A person chose it.',
    written: 'It was written into it.',
    told: 'Its number was typed when the visit was booked, or came from the old scheduler.',
  } satisfies Record<NonNullable<VisitNow['chart']>['source'], string>,
  forget: 'It is the wrong chart…',
  dialogTitle: 'Forget this chart',
  dialogLead:
    'The next write-back searches for the right one. What the hub wrote into the wrong chart stays there: it must be removed by hand in the EHR, our number first. Our team is told so.',
  reason: 'Why',
  needReason: 'Choose a reason',
  reasons: {
    'another-person': 'It is another person’s chart',
    'another-chart': 'The patient has another chart',
    other: 'Another reason',
  } satisfies Record<ChartToForget['reason'], string>,
  forgetNow: 'Forget the chart',
  busy: 'Saving…',
  keep: 'Leave it as it is',
  done: 'Forgotten. What was written there stays until it is removed by hand in the EHR; the next write-back searches again.',
  changed: 'Another chart was found meanwhile. It is shown as it is now; nothing was forgotten.',
}
