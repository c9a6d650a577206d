import type { DecideScheduleDifferenceBody, ScheduleDifferences, ScheduleSaid, ScheduleState } from '../../client.gen.ts'

type Owner = ScheduleState['owner']
type Phase = NonNullable<ScheduleState['handover']>['phase']
type Kind = ScheduleDifferences['items'][number]['kind']

/** Words for the scheduler that was there before the hub. */
export const schedulerWords = {
  page: 'Old scheduler',
  lead: 'Which system keeps the appointments, and what differs between the two.',
  none: 'This clinic has no connection to an old scheduler. The hub keeps its appointments.',
  noneHow: 'Where there is one, set it up under Connections first.',
  old: 'This could not be loaded again. What you see is from before.',
  owner: { hub: 'The hub keeps the appointments', 'legacy-scheduler': 'The old scheduler keeps the appointments' } satisfies Record<Owner, string>,
  means: {
    hub: 'The front desk books, moves and cancels here.',
    'legacy-scheduler': 'People book, move and cancel there. It appears here by itself, and the front desk here cannot change it.',
  } satisfies Record<Owner, string>,
  ownerSince: 'Since',
  never: 'Never',
  dualRun: 'Dual run',
  dualRunOn: 'On: what is done here is written to the old scheduler too.',
  dualRunOff: 'Off: nothing that is done here is written to the old scheduler.',
  turnOn: 'Turn dual run on',
  turnOff: 'Turn dual run off',
  compared: 'Last compared',
  refused: 'The old scheduler refused a call of ours:',
  handOver: { hub: 'Hand the appointments to the hub', 'legacy-scheduler': 'Hand the appointments back' } satisfies Record<Owner, string>,
  ask: {
    hub: 'Hand the appointments to the hub?',
    'legacy-scheduler': 'Hand the appointments back to the old scheduler?',
  } satisfies Record<Owner, string>,
  note: 'Until both sides say the same, nobody can change an appointment on either side. Work under way is waited for.',
  after: {
    hub: 'Afterwards the front desk changes appointments here, and the old scheduler stays closed for people.',
    'legacy-scheduler': 'Afterwards people change appointments in the old scheduler, and the front desk here no longer can.',
  } satisfies Record<Owner, string>,
  differNow: (n: number): string =>
    n === 1 ? '1 appointment differs now. The handover waits until it does not.' : `${n} appointments differ now. The handover waits until none does.`,
  busy: 'Sending…',
  giveUp: 'Give the handover up',
  running: { hub: 'The appointments are being handed to the hub', 'legacy-scheduler': 'The appointments are being handed back' } satisfies Record<
    Owner,
    string
  >,
  /** To the hub the old scheduler stays closed: there is nothing to open again. */
  step: (to: Owner, phase: Phase): string => `Step ${phase === 'freezing' ? 1 : phase === 'draining' ? 2 : 3} of ${to === 'hub' ? 2 : 3}:`,
  phase: {
    freezing: 'the old scheduler is being closed for people.',
    draining: 'both sides are compared until nothing is missing.',
    thawing: 'the switch is done, and the old scheduler is being opened for people.',
    done: 'it is done.',
    'given-up': 'it is given up.',
  } satisfies Record<Phase, string>,
  givingUp: 'It is being given up: the old scheduler is being opened for people again.',
  waitsFor: (n: number): string =>
    `It waits for ${n === 1 ? '1 difference' : `${n} differences`}. Most mend themselves; what has a button in the list below waits for a person.`,
  held: 'Nobody can change an appointment until it ends.',
  started: 'Started',
  ended: {
    done: { hub: 'The last handover, to the hub, was done', 'legacy-scheduler': 'The last handover, back to the old scheduler, was done' },
    'given-up': { hub: 'The last handover, to the hub, was given up', 'legacy-scheduler': 'The last handover, back to the old scheduler, was given up' },
  } satisfies Record<'done' | 'given-up', Record<Owner, string>>,
  refusals: {
    'no-old-scheduler': 'This clinic has no connection to an old scheduler any more. Set one up under Connections first.',
    'owner-already': 'They are kept there already. The page shows it as it is now.',
    'handover-running': 'Another handover is running, or is being given up. Wait for its end.',
    'handover-too-late': 'The switch is done already. Wait for the end, then hand the appointments back.',
  },
  differences: 'What differs',
  count: (n: number): string => (n === 0 ? 'Nothing' : n === 1 ? '1 appointment' : `${n} appointments`),
  table: 'Differences between the two sides',
  closes: 'A line goes by itself once both sides say the same. What has a button waits for a person.',
  first: (n: number): string => `The oldest ${n} are shown.`,
  reportFailed: 'The list could not be loaded. Everything else on this page is current.',
  same: 'Both sides say the same.',
  notCompared: 'Not compared yet',
  notComparedWhy: 'Both sides are compared while the old scheduler keeps the appointments, during a dual run, and during a handover.',
  kind: 'What',
  here: 'Here',
  there: 'In the old scheduler',
  openVisit: (id: string): string => `Visit ${id}`,
  number: (id: string): string => `Number ${id}`,
  nothing: 'None',
  since: 'Since',
  seen: 'Last seen',
  decide: 'Decide',
  decideOpen: 'Decide…',
  decideTitle: 'Which side counts?',
  decideLead: 'A person changed this in the old scheduler past the hub, so nobody but a person can say which is right.',
  counts: {
    ours: 'Ours counts: it is written to the old scheduler',
    theirs: 'Theirs counts: the visit here becomes the same, and the patient’s page and the chart follow',
  } satisfies Record<DecideScheduleDifferenceBody['counts'], string>,
  reason: 'Reason',
  reasons: {
    'patient-says-so': 'The patient says so',
    'people-there-say-so': 'The people who changed it say so',
    'done-by-mistake': 'It was changed by mistake',
    other: 'Another reason',
  } satisfies Record<DecideScheduleDifferenceBody['reason'], string>,
  needCounts: 'Say which side counts',
  needReason: 'Choose a reason',
  decided: 'Decided. The line goes with the next comparison.',
  decideRefused: {
    'changed-meanwhile': 'One side changed meanwhile. Close this, look at it as it is now, and decide again.',
    'already-decided': 'Somebody decided about this already. Their decision stands.',
    'difference-not-decidable': 'This closes by itself now; there is nothing to decide.',
  },
  status: {
    proposed: 'Proposed',
    booked: 'Booked',
    cancelled: 'Cancelled',
    noshow: 'Did not come',
    fulfilled: 'Took place',
  } satisfies Record<ScheduleSaid['status'], string>,
  kinds: {
    'only-here': 'Only here',
    'only-there': 'Only there',
    time: 'Another time',
    status: 'Another state',
    practitioner: 'Another practitioner',
    'refused-there': 'Refused there',
    'changed-there': 'Changed there by a person',
    'unreadable-there': 'Cannot be read there',
  } satisfies Record<Kind, string>,
} as const
