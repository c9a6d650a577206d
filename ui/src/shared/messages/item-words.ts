import type { CorrectableField } from '@heliox/core/identity'
import { fieldWords } from '@heliox/core/messages'
import type { DecisionState, ItemAction, NextAction, RefusedWhy } from '@heliox/core/messaging'

/** Words for one waiting item: what is to be done, what a person may do, and what became of what they decided. */
interface ActionWords {
  name: string
  /** What it does, before it is chosen. */
  text: string
  /** On the button that does it. */
  submit: string
  /** After it: "Confirmed by hand: HX-7Q2M". */
  done: string
}
const soon = (time: string): string => `It is carried out ${time}.`

export const itemWords = {
  actions: {
    choose: {
      name: 'Choose the chart',
      text: 'Compare the patient’s answers with what the EHR has, then say whose chart it is. The visit is written into it.',
      submit: 'Use this choice',
      done: 'Chart chosen',
    },
    confirm: {
      name: 'Confirm by hand',
      text: 'You know from the payer that the patient is covered on the day of the visit. It is marked as given by hand.',
      submit: 'Confirm coverage',
      done: 'Confirmed by hand',
    },
    'mark-inactive': {
      name: 'Mark inactive',
      text: 'You know from the payer that the patient is not covered. Patient and clinic are told.',
      submit: 'Mark inactive',
      done: 'Marked inactive',
    },
    correct: {
      name: 'Correct and resubmit',
      text: 'Change what was wrong; the payer is asked anew. The answer it gave before stays as it was.',
      submit: 'Correct and resubmit',
      done: 'Corrected and resubmitted',
    },
    'ask-patient': {
      name: 'Ask the patient',
      text: 'Their link asks for what is wrong. When they have corrected it, the check goes on by itself.',
      submit: 'Ask the patient',
      done: 'The patient is asked',
    },
    retry: {
      name: 'Retry now',
      text: 'Ask the same again. The hub first finds out what became of the last try where that is not known.',
      submit: 'Retry now',
      done: 'Tried again',
    },
    'other-route': {
      name: 'Other route',
      text: 'Ask by file in place of asking at once. The payer usually answers by the next morning.',
      submit: 'Send by file',
      done: 'Sent by file',
    },
    move: {
      name: 'Move to the current version',
      text: 'Go on in the version of the flow that is active now. Nothing that was done is done again.',
      submit: 'Move it',
      done: 'Moved to the current version',
    },
    drop: {
      name: 'Drop',
      text: 'Give this up for good. Patient and clinic see that it was not done.',
      submit: 'Drop it',
      done: 'Dropped',
    },
    answer: {
      name: 'Answer by hand',
      text: 'You know the answer, from a call or the partner’s website. It is marked as given by hand.',
      submit: 'Give this answer',
      done: 'Answered by hand',
    },
  } satisfies Record<ItemAction, ActionWords>,
  next: {
    choose: 'Compare the patient with the charts of the EHR, then choose one, or say that a new one is needed.',
    approve: 'Someone decided already: a second person must approve it or refuse it.',
    'patient-corrects': 'The patient corrects it on their link; then the check goes on by itself. Ask again if the visit is near.',
    'correct-or-ask-patient': 'Compare with the card: correct it and resubmit, or ask the patient.',
    'call-payer': 'Call the payer, or look at its website: then confirm by hand or mark inactive.',
    'fix-connection': 'Put the connection to the partner right, then retry.',
    'tell-engineer': 'Tell an engineer, with the reference and the number for support. Retry when it is put right.',
    'retry-or-drop': 'The hub stopped trying by itself. Retry if it is still wanted, else drop it.',
    'retry-or-other-route': 'Retry when the payer answers again, or send it by file now.',
    'retry-when-back': 'Retry when the partner answers again; look at the payer weather.',
    'find-out-then-retry': 'Retry: the hub first asks the partner whether it did it.',
  } satisfies Record<NextAction, string>,
  /** As short as a row has room for. */
  nextShort: {
    choose: 'chooses the chart',
    approve: 'a second one approves',
    'patient-corrects': 'corrects it',
    'correct-or-ask-patient': 'corrects, or asks patient',
    'call-payer': 'calls the payer',
    'fix-connection': 'fixes the connection',
    'tell-engineer': 'finds the fault',
    'retry-or-drop': 'retries, or drops it',
    'retry-or-other-route': 'retries, or by file',
    'retry-when-back': 'retries when it is back',
    'find-out-then-retry': 'retries; it asks first',
  } satisfies Record<NextAction, string>,
  states: {
    proposed: 'Waits for a second person',
    scheduled: 'About to be carried out',
    'carried-out': 'Carried out',
    undone: 'Undone',
    refused: 'Came to nothing',
  } satisfies Record<DecisionState, string>,
  refused: {
    'second-person': 'The second person said no.',
    'already-resolved': 'The item was resolved meanwhile.',
    'outcome-unknown': 'It is not known whether the partner did it already. “Retry now” finds out first.',
    'not-possible': 'It cannot be done with this item any more.',
    expired: 'No second person came in time.',
    failed: 'Our software failed at it, several times. Tell an engineer.',
  } satisfies Record<RefusedWhy, string>,
  fields: Object.fromEntries(Object.entries(fieldWords).map(([name, word]) => [name, word[0]?.toUpperCase() + word.slice(1)])) as Record<
    CorrectableField,
    string
  >,

  page: {
    whatNext: 'What to do',
    whoActs: 'Who must act',
    facts: 'Details',
    payer: 'Payer',
    tryAgainAt: 'Next try by itself',
    nextItem: 'Next item',
    itemBefore: 'Item before',
    incident: 'One of many with the same cause: show them',
    visitAndPhotos: 'Visit and card photos',
    actions: 'Decide',
    actionsLead: 'Each says what it does, and asks for a reason and a note, before anything happens.',
    noActions: 'Nothing can be done with this item now.',
    twoPeople: 'two people',
    mayNot: 'You can read this item, but your role cannot decide about it.',
  },
  claim: {
    take: 'Claim',
    giveBack: 'Give back',
    yours: 'Claimed by you',
    theirs: (who: string) => `Claimed by ${who}`,
    until: (time: string) => `until ${time}`,
    takenNow: (who: string) => `${who} works on this item. Wait until they give it back, or ask them.`,
    took: 'Claimed. For 15 minutes nobody else can decide about it.',
    gave: 'Given back.',
  },
  decide: {
    proposedDone: (action: string) => `${action}: waits for a second person`,
    doneOf: (done: string, reference: string) => (reference ? `${done}: ${reference}` : done),
    second: 'This clinic wants two people for it: a colleague has to approve before anything happens.',
    undoNote: (seconds: number) => `You can undo it for ${seconds} seconds.`,
    noUndoNote: 'It happens at once and cannot be undone.',
    fields: 'What should the patient correct?',
    needFields: 'Choose at least one field',
    needChange: 'Change at least one value',
    needOpen: 'Open the values first: they are what you correct',
    needPort: 'Choose what the partner said',
    purposeLead: 'The values are patient data. Opening them is written to the audit log with your name and the purpose.',
    openValues: 'Open the values',
    submitting: 'Sending…',
    alreadyDecided: 'Someone decided about this item a moment before. Nothing was done twice.',
    alreadyResolved: 'This item was resolved in the meantime. Nothing was done twice.',
    tooLate: 'It was carried out a moment before: it cannot be changed any more.',
    ownProposal: 'It is your own proposal: somebody else has to approve it.',
  },
  decision: {
    title: 'Decided',
    by: (what: string, who: string) => `${what}, by ${who}.`,
    soon,
    undo: 'Undo',
    undone: (what: string) => `${what}: undone. The item waits as before.`,
    waitsForSecond: 'A second person of operations must approve it. Until then nothing happens.',
    yourOwn: 'You proposed it, so somebody else has to look at it. You may take it back.',
    takeBack: 'Take it back',
    contentLead: 'The note may hold patient data. Opening it is written to the audit log with your name and the purpose.',
    openContent: 'Read the note',
    content: 'What would be sent',
    approve: 'Approve',
    refuse: 'Refuse',
    approved: (what: string) => `${what}: approved. It is carried out in a moment.`,
    refusedNow: (what: string) => `${what}: refused. The item waits as before.`,
    history: 'Decisions so far',
    secondBy: (who: string) => `second person: ${who}`,
    reason: 'Reason',
  },
  attempts: {
    title: 'Attempts',
    none: 'Nothing was asked of a partner.',
    number: (n: number) => `Attempt ${n}`,
    outcomes: {
      running: 'Under way',
      succeeded: 'Answered',
      rejected: 'Turned down',
      failed: 'Failed',
      unknown: 'Not known',
      reconciled: 'Found out later',
      choice: 'A person chooses',
    },
    open: 'Open question and answer',
    openOf: (n: number) => `Open question and answer of attempt ${n}`,
    close: 'Close it again',
    lead: 'Question and answer hold patient data. Opening them is written to the audit log with your name and the purpose.',
    sent: 'What was asked',
    answered: 'What was answered',
    notKept: 'Not kept.',
    suspicious: 'Not believed',
    notSent: 'nothing was sent',
    manual: 'given by a person',
    generation: (n: number) => `corrected data, round ${n}`,
    next: (time: string) => `Next try by itself ${time}`,
    /** What the hub knows of a try that did not simply end. */
    told: {
      running: 'It was sent, or is about to be; what became of it is not known yet.',
      unknown: 'No clear answer came: the partner may have done it.',
      foundBy: (n: number) => `What became of it was found out by attempt ${n}.`,
      reconciled: 'Not sent again: the partner was asked what had become of it, and knew.',
      late: 'Its answer came late, when something else had taken its place. It is kept to be read; nothing followed from it.',
    },
  },
}
