import type { ConsentKindItem } from '../../client.gen.ts'

type Kind = ConsentKindItem['kind']

/** Words for the texts that a clinic's patients sign. */
export const consentsWords = {
  page: 'Consents',
  lead: 'What patients agree to, each text alone. Who signed a text keeps it; a change is a new version, in all languages at once.',
  heads: { kind: 'Text', need: 'Asked of', version: 'Version', languages: 'Languages', says: 'Says', published: 'Published' },
  kinds: {
    treatment: 'Consent to care',
    'privacy-notice': 'Notice of privacy practices (HIPAA)',
    'card-authorisation': 'Authorisation to keep a card or account and charge it',
    'electronic-signature': 'Signing on a screen (ESIGN)',
    sms: 'Text messages',
    telehealth: 'Visits by video',
  } satisfies Record<Kind, string>,
  needs: {
    always: 'Everybody; no form without it',
    'with-card': 'Who leaves a card or account',
    free: 'Everybody; may be left out',
  } satisfies Record<ConsentKindItem['need'], string>,
  none: 'None',
  versionOf: (version: number) => `Version ${version}`,
  versions: (list: string) => list,
  complete: 'Complete',
  missing: (names: string) => `Missing: ${names}`,
  accounts: 'Covers bank accounts',
  noAccounts: 'Card only',
  code: 'Asks for a code',
  noCode: 'No code',
  by: (when: string, name: string | null) => (name ? `${when}, ${name}` : when),
  back: 'Consents',
  missingNotice: (names: string, needed: boolean) =>
    needed
      ? `There is no text in ${names}. Patients are not offered a language in which a text that every form needs is not there.`
      : `There is no text in ${names}. Who reads that language is not asked.`,
  accountsNotice:
    'The clinic takes bank accounts, and nothing says that this authorisation covers them. Publish a text that does, and tick so. What was signed before does not change.',
  codeNotice:
    'No code stands in the text: it shows nothing of whether patients can read on their screen what they sign. In the United States the law asks for that.',
  next: 'Next version',
  titleIn: (language: string) => `Title (${language})`,
  bodyIn: (language: string) => `Text (${language})`,
  bodyHint: 'An empty line begins a paragraph.',
  addCode: (language: string) => `Put the code at the end (${language})`,
  codeHint:
    'Where {code} stands, the patient sees four digits and types them: so they show that they can read what they sign. The text is in all languages with it.',
  coversBankAccounts: 'This text covers bank accounts',
  coversHint:
    'Tick it if these words, in every language, authorise debits from a US bank account (ACH) as well as charges to a card. It is kept with the version.',
  preview: 'As the patient sees it',
  previewLanguage: 'Language of the preview',
  untitled: '(no title yet)',
  publish: 'Compare and publish…',
  publishing: 'Publishing…',
  publishTitle: (version: number) => `Publish version ${version}?`,
  publishLead: 'What differs from the version in force. It cannot be changed once it is published.',
  first: 'The first version of this text.',
  same: 'As before.',
  nothing: 'Nothing differs from the version in force.',
  notBefore: 'There was no text in this language.',
  gone: 'Taken out: ',
  added: 'Added: ',
  end: ' (end)',
  coversNow: 'From now on it says that it covers bank accounts.',
  coversNoMore: 'It does not say any more that it covers bank accounts.',
  publishEffect: 'From now on patients sign these words. Who has a form open and ticked the words before is asked to tick again.',
  publishNow: (version: number) => `Publish version ${version}`,
  cancel: 'Cancel',
  changedMeanwhile: 'Somebody else published a version meanwhile. Load it again, and change what they left; what you typed is lost then.',
  loadAgain: 'Load it again',
  published: (version: number) => `Version ${version} is in force. Patients see it within half a minute.`,
  at: (where: string) => `${where}: the server did not take this`,
  history: 'Versions',
  noHistory: 'No version yet.',
  inForce: 'In force',
  since: (when: string) => `since ${when}`,
  until: (from: string, until: string) => `${from} to ${until}`,
  signed: (count: number, more: boolean) => (more ? `signed more than ${count} times` : count === 1 ? 'signed once' : `signed ${count} times`),
  need: {
    title: (language: string) => `Say the title in ${language}`,
    body: (language: string) => `Say the text in ${language}`,
    code: (language: string) => `The text in ${language} needs the code too, or none of them has it`,
    codeHere: (language: string) => `{code} may stand only in the text about signing on a screen, not in this one in ${language}`,
    codeByLaw: (language: string) => `The text in ${language} needs the code: in the United States a patient shows that they can read what they sign`,
  },
}
