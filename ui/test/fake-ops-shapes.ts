/** What an operation takes and gives back, as the screens are told it, and such values read out. */
export const inputShape = {
  type: 'object',
  required: ['payerId', 'memberId', 'birthDate', 'payerSex', 'serviceTypes'],
  properties: {
    payerId: { type: 'string', minLength: 2, maxLength: 40 },
    memberId: { type: 'string', pattern: '^[A-Za-z0-9-]{2,30}$' },
    birthDate: { type: 'string', format: 'date' },
    payerSex: { type: 'string', enum: ['F', 'M', 'U'] },
    groupNumber: { anyOf: [{ type: 'string', maxLength: 30 }, { type: 'null' }] },
    serviceTypes: { type: 'array', items: { type: 'string' }, maxItems: 10 },
  },
}
export const correctionShape = {
  type: 'object',
  properties: {
    memberId: { type: 'string', pattern: '^[A-Za-z0-9-]{2,30}$' },
    givenName: { type: 'string', maxLength: 60 },
    familyName: { type: 'string', maxLength: 60 },
    birthDate: { type: 'string', format: 'date' },
  },
}
export const cardShapes = {
  input: { type: 'object', required: ['paymentId'], properties: { paymentId: { type: 'string' } } },
  ok: {
    type: 'object',
    required: ['status', 'setupIntentId', 'attempts'],
    properties: {
      status: { type: 'string', enum: ['succeeded', 'requires-action'] },
      setupIntentId: { type: 'string', maxLength: 80 },
      attempts: { type: 'integer', minimum: 1 },
    },
  },
  rejected: {
    type: 'object',
    required: ['code'],
    properties: { code: { type: 'string', maxLength: 60 }, declineCode: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
  },
}

export const fullInput = { payerId: 'QUIET3', memberId: 'QV-88213', birthDate: '1985-03-27', payerSex: 'F', groupNumber: null, serviceTypes: ['30'] }
export const fullAnswers = { memberId: 'QV-88213', givenName: 'Ana', familyName: 'Moreno', birthDate: '1985-03-27' }

export const readOut = [
  {
    title: 'Subscriber',
    lines: [
      { label: 'Name', text: 'Moreno, Ana', code: 'NM1' },
      { label: 'Member id', text: 'QV-88213', code: 'MI' },
    ],
  },
  { title: 'Answer', lines: [{ label: 'Rejected because', text: 'Subscriber or insured not found', code: 'AAA 75' }] },
]
