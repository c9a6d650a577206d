import { expect } from 'chai'
import { ApiError, type DraftToSave } from '../client.gen.ts'
import { type Autosave, makeAutosave, type Saving } from './autosave.ts'
import type { Theirs } from './server-draft.ts'

const body = (givenName: string): DraftToSave => ({ data: { fields: { givenName } }, birthDate: null })
const refusal = (code: string, status: number): ApiError => new ApiError({ code, message: code, status })

/** A clinic in memory that keeps one draft, and can be told to fail. */
function clinic() {
  let theirs: Theirs = { version: 0, draft: null }
  const failures: ApiError[] = []
  const told: { states: Saving['is'][]; kept: number[]; conflicts: Theirs[]; ended: number } = { states: [], kept: [], conflicts: [], ended: 0 }
  const saved: { over: number; body: DraftToSave }[] = []
  const keep = (data: DraftToSave['data']): { version: number; savedAt: string } => {
    const version = theirs.version + 1
    theirs = { version, draft: { version, savedAt: '2027-03-04T10:00:00.000Z', data } }
    return { version, savedAt: '2027-03-04T10:00:00.000Z' }
  }
  const autosave: Autosave = makeAutosave(
    {
      save: async (over, sent) => {
        const failure = failures.shift()
        if (failure) throw failure
        if (over !== theirs.version) throw refusal('draft-changed', 409)
        saved.push({ over, body: sent })
        return keep(sent.data)
      },
      read: async () => theirs,
      onState: ({ is }) => told.states.push(is),
      onKept: (version) => told.kept.push(version),
      onConflict: (found) => told.conflicts.push(found),
      onEnded: () => {
        told.ended += 1
      },
    },
    0,
  )
  return { autosave, told, saved, failures, elsewhere: keep, set: (now: Theirs) => (theirs = now) }
}

describe('saving while a patient types', () => {
  it('saves the newest, each over the version before', async () => {
    const { autosave, saved, told } = clinic()
    autosave.changed(body('A'))
    autosave.changed(body('An'))
    await autosave.flush()
    autosave.changed(body('Ana'))
    await autosave.flush()
    expect(saved).to.deep.equal([
      { over: 0, body: body('An') },
      { over: 1, body: body('Ana') },
    ])
    expect(told.states).to.deep.equal(['saving', 'saved', 'saving', 'saved'])
    autosave.pause()
  })

  it('keeps what a lost connection did not take, and saves it when asked again', async () => {
    const { autosave, saved, told, failures } = clinic()
    failures.push(refusal('offline', 0), refusal('internal', 503))
    autosave.changed(body('Ana'))
    await autosave.flush()
    await autosave.flush()
    expect(told.states).to.deep.equal(['saving', 'offline', 'saving', 'offline'])
    await autosave.flush()
    expect(saved).to.have.length(1)
    autosave.pause()
  })

  it('writes over nothing that another device saved: it stops and tells what is there', async () => {
    const { autosave, saved, told, elsewhere } = clinic()
    elsewhere({ fields: { givenName: 'Bea' } })
    autosave.changed(body('Ana'))
    await autosave.flush()
    expect(saved).to.deep.equal([])
    expect(told.conflicts.map(({ version }) => version)).to.deep.equal([1])
    autosave.changed(body('Ana M'))
    await autosave.flush()
    expect(saved, 'until the patient chose').to.deep.equal([])
    autosave.from(1)
    autosave.resume()
    autosave.changed(body('Ana M'))
    await autosave.flush()
    expect(saved).to.deep.equal([{ over: 1, body: body('Ana M') }])
    autosave.pause()
  })

  it('takes its own draft for its own when the answer to a save was lost', async () => {
    const { autosave, told, elsewhere } = clinic()
    elsewhere(body('Ana').data)
    autosave.changed(body('Ana'))
    await autosave.flush()
    expect(told.conflicts).to.deep.equal([])
    expect(told.kept).to.deep.equal([1])
    autosave.pause()
  })

  it('gives up what the clinic does not take as it is, and goes on with what is typed next', async () => {
    const { autosave, saved, told, failures } = clinic()
    failures.push(refusal('card-number-refused', 400))
    autosave.changed(body('4242424242424242'))
    await autosave.flush()
    await autosave.flush()
    expect(told.states).to.deep.equal(['saving', 'refused'])
    autosave.changed(body('Ana'))
    await autosave.flush()
    expect(saved).to.have.length(1)
    autosave.pause()
  })

  for (const [code, status] of [
    ['proof-needed', 401],
    ['intake-closed', 409],
    ['link-ended', 410],
  ] as const) {
    it(`stops at ${code}`, async () => {
      const { autosave, saved, told, failures } = clinic()
      failures.push(refusal(code, status))
      autosave.changed(body('Ana'))
      await autosave.flush()
      autosave.changed(body('Anna'))
      await autosave.flush()
      expect(told.ended).to.equal(1)
      expect(saved).to.deep.equal([])
    })
  }
})
