import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../docker/local/stack.ts'
import { Clearinghouse } from '../demo/clearinghouse.ts'
import { HubRefused, type IntakeView, Patient, Staff } from '../demo/hub-client.ts'
import { cardPhoto } from '../demo/photo.ts'
import { confirmationToken } from '../demo/simulators.ts'
import { Chance } from './chance.ts'
import { type Counted, count, type Unfinished, unfinished } from './count.ts'
import { openFacts } from './facts.ts'
import { patiently } from './patiently.ts'
import { answersOf, type Brings, cardNumbers, drawPatient } from './patients.ts'

/** An intake that somebody submitted: from the first send of the form on it counts, and must come to its end. */
export interface Intake extends Brings {
  intakeId: string
  visitId: string
  /** The api said yes. */
  accepted: boolean
}

/** Filled in, not sent. */
export interface Filled {
  intake: Intake
  patient: Patient
  submission: Record<string, unknown>
  /** The same for every send of this form. */
  idempotencyKey: string
}

/** How long a hub may be away before we stop asking. */
const awaySeconds = 120
const visitsPerMorning = 48

/** Patients who fill in their forms, and who repeat what was not answered until it is: with the same idempotency key. */
export class Intakes {
  readonly #stack: Stack
  readonly #chance: Chance
  readonly #name: string
  readonly #facts: ReturnType<typeof openFacts>
  readonly #all: Intake[] = []
  /** Not seen at their end yet. */
  readonly #open = new Map<string, Intake>()
  #desk: Staff
  #drawn = 0
  #closed = false

  private constructor(stack: Stack, seed: number, desk: Staff) {
    this.#stack = stack
    this.#chance = new Chance(seed)
    this.#name = String(seed % 10_000).padStart(4, '0')
    this.#desk = desk
    this.#facts = openFacts(stack)
  }

  static async open(stack: Stack, { seed }: { seed: number }): Promise<Intakes> {
    return new Intakes(stack, seed, await deskOf(stack))
  }

  /** All that were sent so far, in that order; those that nobody has answered yet are among them. */
  all(): readonly Intake[] {
    return this.#all
  }

  /** So many patients, all at once; resolves when the api has accepted each. */
  async submit(n: number): Promise<Intake[]> {
    return this.send(await this.fill(n))
  }

  /** Everything up to the last click. The first `byFile` of them have a payer that answers files only. */
  fill(n: number, byFile = 0): Promise<Filled[]> {
    return Promise.all(Array.from({ length: n }, (_, i) => this.#fill(i < byFile)))
  }

  /** The last click of each, at the same time. */
  send(filled: readonly Filled[]): Promise<Intake[]> {
    return Promise.all(filled.map((one) => this.#send(one)))
  }

  /** A closed loop: so many patients are at it until the returned function is called; that resolves when all of them are accepted. */
  keep(n: number): () => Promise<void> {
    let stopped = false
    const lanes = Array.from({ length: n }, async () => {
      while (!stopped && !this.#closed) {
        const [intake] = await this.submit(1)
        while (!stopped && !this.#closed && intake && (await this.#isUnderWay(intake))) await sleep(200)
      }
    })
    const all = Promise.all(lanes)
    // Whoever stops the loop hears of it; until then it is not unhandled.
    all.catch(() => undefined)
    return async () => {
      stopped = true
      await all
    }
  }

  /** Sent by somebody and not at their end. */
  async inFlight(): Promise<number> {
    return (await this.unfinished()).length
  }

  /** Those whose journey is not at its end, with what is missing. */
  async unfinished(): Promise<Unfinished[]> {
    const left = unfinished(await this.#facts.journeys([...this.#open.keys()]), [...this.#open.values()])
    // Not accepted: the form may not be in the database yet, which is not missed.
    const notEnded = new Set([...left.map(({ intakeId }) => intakeId), ...this.#all.filter(({ accepted }) => !accepted).map(({ intakeId }) => intakeId)])
    for (const intakeId of this.#open.keys()) if (!notEnded.has(intakeId)) this.#open.delete(intakeId)
    return [...notEnded].map((intakeId) => left.find((one) => one.intakeId === intakeId) ?? { intakeId, why: ['not accepted'] })
  }

  /** Resolves when each has come to its end, or waits for a person, and nothing of it moves any more; throws with what is missing. */
  async finished(seconds: number): Promise<Counted> {
    const deadlineMs = performance.now() + seconds * 1000
    for (;;) {
      const left = await patiently('the database', awaySeconds, () => this.unfinished())
      // Asked only when the journeys are over: this reads everything.
      const counted = left.length === 0 ? await patiently('the count', awaySeconds, () => this.counted()) : undefined
      if (counted?.lost === 0) return counted
      if (performance.now() > deadlineMs) {
        const what = counted ? counted.detail : left.map(({ intakeId, why }) => `${intakeId}: ${why.join(', ')}`)
        throw new Error(`after ${seconds} s not everything has ended; ${what.length} left: ${what.slice(0, 8).join('; ')}`)
      }
      await sleep(500)
    }
  }

  /** What came of all of them, at the partners and in the database. */
  async counted(): Promise<Counted> {
    return count(await this.#facts.all(), this.#all)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#facts.close()
  }

  async #isUnderWay({ intakeId }: Intake): Promise<boolean> {
    const left = await patiently(
      'the database',
      awaySeconds,
      () => this.unfinished(),
      () => this.#closed,
    )
    return left.some((one) => one.intakeId === intakeId)
  }

  async #fill(isByFile: boolean): Promise<Filled> {
    const slot = this.#drawn
    this.#drawn += 1
    const brings = drawPatient(this.#chance, slot, `${this.#name}${String(slot).padStart(6, '0')}`, isByFile)
    const now = await this.#asked('the time', () => new Clearinghouse(this.#stack.urls.clearinghouse).now())
    const visit = await this.#asDesk((desk) => desk.createVisit(tomorrow(now, slot % visitsPerMorning), 'Dr Okafor'))
    const patient = new Patient(visit.patientUrl)
    const view = await this.#asked('the form', () => patient.open())
    const uploadIds: string[] = []
    if (brings.photos > 0) {
      const photo = await cardPhoto(brings.memberId)
      uploadIds.push(await this.#asked('the photo', () => patient.sendPhoto('card-front', photo)))
    }
    const answers = answersOf(brings)
    return {
      intake: { ...brings, intakeId: visit.intakeId, visitId: visit.visitId, accepted: false },
      patient,
      idempotencyKey: randomUUID(),
      submission: {
        answers,
        consents: view.consentTexts.en.map((text) => ({ textId: text.id, textSha256: text.sha256, granted: true })),
        signature: { typedName: `${answers.givenName} ${answers.familyName}`, language: 'en', drawing: null, accessCode: view.accessCode },
        uploadIds,
        confirmationTokenId: await this.#token(view, brings.card),
      },
    }
  }

  async #token({ card }: IntakeView, brings: Brings['card']): Promise<string | null> {
    if (brings === 'none') return null
    if (!card) throw new Error('the demo clinic takes cards')
    return this.#asked('the card', () => confirmationToken(this.#stack.urls.stripe, card.publishableKey, cardNumbers[brings]))
  }

  async #send({ intake, patient, submission, idempotencyKey }: Filled): Promise<Intake> {
    this.#all.push(intake)
    this.#open.set(intake.intakeId, intake)
    await this.#asked('the submit', () => patient.submit(submission, idempotencyKey))
    intake.accepted = true
    return intake
  }

  #asked<T>(what: string, ask: () => Promise<T>): Promise<T> {
    return patiently(what, awaySeconds, ask, () => this.#closed)
  }

  /** A session ends after some hours of the hub's time. */
  #asDesk<T>(ask: (desk: Staff) => Promise<T>): Promise<T> {
    return this.#asked('the front desk', async () => {
      try {
        return await ask(this.#desk)
      } catch (error) {
        if (!(error instanceof HubRefused && error.status === 401)) throw error
        this.#desk = await deskOf(this.#stack)
        return ask(this.#desk)
      }
    })
  }
}

/** By the hub's clock, which a test may move: in the morning of the clinic, ten minutes apart. */
function tomorrow(now: Date, slot: number): string {
  const at = new Date(now.getTime() + 18 * 3_600_000)
  at.setUTCHours(15, slot * 10, 0, 0)
  return at.toISOString()
}
const deskOf = (stack: Stack): Promise<Staff> => patiently('the sign-in', awaySeconds, () => Staff.signIn(stack.urls.public, 'desk@lakeside.example'))
