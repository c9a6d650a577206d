import { messageChannels, messageKinds, messageReasons, messageStates, optOutCauses } from '@heliox/core/messaging'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const at = z.iso.datetime()
const ofIntake = z.object({ intakeId: z.uuid() })

/** Never to which address, and never what it said. */
export const MessageShape = z
  .object({
    id: z.uuid(),
    intakeId: z.uuid(),
    kind: z.enum(messageKinds),
    channel: z.enum(messageChannels),
    status: z.enum(messageStates),
    reason: z.enum(messageReasons).nullable(),
    code: z.string().nullable(),
    dueAt: at.nullable(),
    createdAt: at,
    sentAt: at.nullable(),
    statusAt: at,
    by: z.enum(['desk', 'hub']),
  })
  .meta({ id: 'PatientMessage' })

const ChannelShape = z
  .discriminatedUnion('is', [
    z.object({ is: z.enum(['ready', 'no-address', 'not-set-up', 'at-limit']) }),
    z.object({ is: z.literal('opted-out'), since: at, cause: z.enum(optOutCauses) }),
  ])
  .meta({ id: 'MessageChannelState' })

export const sendMessage = defineRoute({
  operationId: 'sendMessage',
  method: 'POST',
  url: '/api/clinic/visits/:intakeId/messages',
  tag: 'clinic',
  summary: 'Send the patient the link, as a text or a mail. In quiet hours it waits, unless it is to leave at once.',
  access: { by: 'session', action: 'visit.link' },
  params: ofIntake,
  body: z
    .strictObject({
      kind: z.literal('invitation'),
      channel: z.enum(['auto', ...messageChannels]).default('auto'),
      /** A person decided to send it in quiet hours too. */
      atOnce: z.boolean().default(false),
    })
    .meta({ id: 'MessageToSend' }),
  success: { status: 202, body: MessageShape, description: 'It is on its way, or waits until `dueAt`. Its state is told by the list.' },
  refusals: [404, 409],
})

export const listMessages = defineRoute({
  operationId: 'listMessages',
  method: 'GET',
  url: '/api/clinic/visits/:intakeId/messages',
  tag: 'clinic',
  summary: 'What was sent to the patient of a visit, what became of it, and whether more can be sent.',
  access: { by: 'session', action: 'visit.list' },
  params: ofIntake,
  success: {
    status: 200,
    body: z
      .object({ messages: z.array(MessageShape), channels: z.object({ sms: ChannelShape, mail: ChannelShape }), textsWanted: z.boolean() })
      .meta({ id: 'VisitMessages' }),
    description: 'Newest first.',
  },
  refusals: [404],
})

export const setOptOut = defineRoute({
  operationId: 'setOptOut',
  method: 'PUT',
  url: '/api/clinic/visits/:intakeId/opt-outs/:channel',
  tag: 'clinic',
  summary:
    'End messages to the patient’s number or mailbox, or take back that the clinic did, or that it takes none. What the patient stopped, only the patient takes back. Audited.',
  access: { by: 'session', action: 'visit.link' },
  params: ofIntake.extend({ channel: z.enum(messageChannels) }),
  body: z.strictObject({ out: z.boolean() }).meta({ id: 'OptOut' }),
  success: { status: 204, body: null, description: 'It is so from now on, for every visit with that address.' },
  refusals: [404, 409],
})

/** Minutes since midnight on the clinic's clock. */
const Minutes = z.int().min(0).max(1439)
const RulesShape = z
  .strictObject({
    quiet: z.strictObject({ fromMinutes: Minutes, untilMinutes: Minutes }),
    /** Null: the clinic's name. One that says nothing of what is treated there. */
    senderName: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .regex(/^[^\p{Cc}\p{Cf}{}]*$/u, 'must not hold control characters or braces')
      .nullable(),
  })
  .meta({ id: 'MessageRules' })

export const getMessageRules = defineRoute({
  operationId: 'getMessageRules',
  method: 'GET',
  url: '/api/clinic/message-rules',
  tag: 'clinic',
  summary: 'When nobody is disturbed, and by what name the clinic writes.',
  access: { by: 'session', action: 'ops-rules.read' },
  success: { status: 200, body: RulesShape, description: 'Equal ends: never quiet.' },
})
export const saveMessageRules = defineRoute({
  operationId: 'saveMessageRules',
  method: 'PUT',
  url: '/api/clinic/message-rules',
  tag: 'clinic',
  summary: 'Set when nobody is disturbed, and by what name the clinic writes.',
  access: { by: 'session', action: 'ops-rules.write' },
  body: RulesShape,
  success: { status: 204, body: null, description: 'They hold for what is sent from now on.' },
})

export const messageRoutes = [sendMessage, listMessages, setOptOut, getMessageRules, saveMessageRules] as const
