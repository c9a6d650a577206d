/** Words for what a clinic wants of every decision of operations. */
export const rulesWords = {
  page: 'Rules',
  lead: 'What this clinic wants of every decision about a waiting item.',
  title: 'Two people',
  confirmNeedsTwo: 'A second person must approve what is given by hand',
  note: 'For confirming by hand, answering for a partner, and sending a partner other data than the hub would have: one person proposes it, and another of operations approves it before anything happens.',
  save: 'Save the rule',
  saving: 'Saving…',
  savedOn: 'Saved. From now on a second person approves.',
  savedOff: 'Saved. From now on one person decides.',
  isOn: 'What is given by hand waits until a second person of operations approves it. An administrator can change this.',
  isOff: 'One person alone decides what is given by hand. An administrator can ask for a second one.',
}
