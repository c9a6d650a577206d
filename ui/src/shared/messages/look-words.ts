import { languageNames } from '@heliox/core/messages'

/** Words for how patients see a clinic. */
export const lookWords = {
  page: 'Look',
  lead: 'How patients see the clinic: on the form, on the page of their visit, and on what they sign.',
  title: 'Colour, logo, languages and phone',
  colour: 'Colour of buttons and of the line on top',
  colourHint: 'White text stands on it. For example #0f5f6b.',
  contrast: (ratio: string) => `White on it has a contrast of ${ratio} to 1.`,
  readable: 'That can be read.',
  notReadable: 'That is too little: at least 4.5 to 1 is needed. Choose a darker colour.',
  noColour: 'Type a colour such as #0f5f6b.',
  preview: 'This is how a button looks',
  phone: 'Phone number that patients call',
  languages: 'Languages',
  languagesHint:
    'Patients choose among these. The first is shown when none of them is theirs. A language is offered once the texts that every form needs are in force in it (Consents).',
  first: (name: string) => `${name}, the first`,
  needLanguage: 'Choose at least one language',
  preferred: 'First language',
  logo: 'Logo',
  logoHint: 'PNG or JPEG, at most 40 kB, shown 32 pixels high on white.',
  logoNow: 'The logo as it is now',
  logoNew: 'The new logo',
  logoTooLarge: 'This file is larger than 40 kB. Choose a smaller one.',
  logoRefused: 'This is no PNG or JPEG that can be read. Choose another file.',
  removeLogo: 'Take the logo away',
  save: 'Save the look',
  saving: 'Saving…',
  saved: 'Saved. Patients see it within half a minute.',
  names: languageNames,
}
