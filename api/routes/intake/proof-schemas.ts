import { codeChannels, DraftInput, ProofAttempt, proofOutcomes, VisitContact } from '@heliox/core/identity'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'
import { ClinicView } from './schemas.ts'

const at = z.iso.datetime()

/** All that is told before the proof: nothing of it is about the patient, but for the last signs of where a code can go. */
export const ProofNeeded = z
  .object({
    clinic: ClinicView,
    language: VisitContact.shape.language.unwrap().nullable(),
    expiresAt: at,
    asks: z.object({ birthDate: z.boolean() }),
    to: z.array(z.object({ channel: z.enum(codeChannels), masked: z.string() })),
    code: z.object({ expiresAt: at, triesLeft: z.int() }).nullable(),
    pausedUntil: at.nullable(),
  })
  .meta({ id: 'ProofNeeded' })

const before = { by: 'link', action: 'intake.prove', before: 'proof' } as const

export const getProof = defineRoute({
  operationId: 'getProof',
  method: 'GET',
  url: '/api/intake/proof',
  tag: 'intake',
  summary: 'What is asked before this link shows anything of its patient.',
  access: before,
  success: { status: 200, body: ProofNeeded, description: 'What to ask, and where a code can be sent.' },
  refusals: [404, 410],
})

export const sendCode = defineRoute({
  operationId: 'sendCode',
  method: 'POST',
  url: '/api/intake/proof/code',
  tag: 'intake',
  summary: 'Have a code sent to the address that the clinic has; the one before it is over.',
  access: before,
  body: z.strictObject({ channel: z.enum(codeChannels) }),
  success: { status: 202, body: z.object({ expiresAt: at }).meta({ id: 'CodeSent' }), description: 'Until when it counts.' },
  refusals: [404, 409, 410],
})

export const submitProof = defineRoute({
  operationId: 'submitProof',
  method: 'POST',
  url: '/api/intake/proof',
  tag: 'intake',
  summary: 'Birth date and code. A wrong one of either is the same answer; when it is right, this browser is known by a cookie.',
  access: before,
  body: ProofAttempt.meta({ id: 'ProofAttempt' }),
  success: {
    status: 200,
    body: z.object({ outcome: z.enum(proofOutcomes), triesLeft: z.int(), pausedUntil: at.nullable() }).meta({ id: 'ProofResult' }),
    description: '`ended`: no code is out, have one sent. `paused`: too many were wrong.',
  },
  refusals: [404, 410],
})

export const forgetProof = defineRoute({
  operationId: 'forgetProof',
  method: 'DELETE',
  url: '/api/intake/proof',
  tag: 'intake',
  summary: 'This browser is not known any more.',
  access: before,
  success: { status: 204, body: null, description: 'Forgotten.' },
  refusals: [404, 410],
})

const DraftView = z.object({ version: z.int(), savedAt: at, data: z.record(z.string(), z.unknown()) }).meta({ id: 'IntakeDraft' })
const access = { by: 'link', action: 'intake.draft' } as const

export const getDraft = defineRoute({
  operationId: 'getDraft',
  method: 'GET',
  url: '/api/intake/draft',
  tag: 'intake',
  summary: 'What the patient has typed so far, on whichever device.',
  access,
  success: { status: 200, body: DraftView, description: 'The newest.' },
  refusals: [404, 410],
})

export const saveDraft = defineRoute({
  operationId: 'saveDraft',
  method: 'PUT',
  url: '/api/intake/draft',
  tag: 'intake',
  summary: 'Keep what was typed, over the version that this browser saw. The first time, this browser is known by a cookie.',
  access,
  headers: z.object({ 'if-match': z.string().regex(/^"(0|[1-9]\d{0,8})"$/, 'must be the version that you saw, in quotes; "0" for none') }),
  body: DraftInput.meta({ id: 'DraftToSave' }),
  success: { status: 200, body: z.object({ version: z.int(), savedAt: at }).meta({ id: 'DraftSaved' }), description: 'The version to name next.' },
  refusals: [404, 409, 410],
})

export const removeDraft = defineRoute({
  operationId: 'removeDraft',
  method: 'DELETE',
  url: '/api/intake/draft',
  tag: 'intake',
  summary: 'Forget what was typed.',
  access,
  success: { status: 204, body: null, description: 'Gone, here and on every other device.' },
  refusals: [404, 410],
})

export const proofRoutes = [getProof, sendCode, submitProof, forgetProof, getDraft, saveDraft, removeDraft] as const
