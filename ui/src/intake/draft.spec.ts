import { expect } from 'chai'
import { clearDraft, emptyDraft, loadDraft, saveDraft } from './draft.ts'

/** As much of a Storage as a draft needs. */
function memory(): Storage {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
    get length() {
      return map.size
    },
    clear: () => map.clear(),
    key: () => null,
  }
}
const hourMs = 3_600_000

describe('a draft in the tab', () => {
  it('comes back within the hour, and is thrown away after it', () => {
    const storage = memory()
    const draft = emptyDraft('intake-1')
    draft.fields.givenName = 'Ana'
    saveDraft(storage, draft, 1_000)
    expect(loadDraft(storage, 'intake-1', 1_000 + hourMs).fields.givenName).to.equal('Ana')
    expect(loadDraft(storage, 'intake-1', 1_001 + hourMs).fields.givenName).to.equal('')
    expect(storage.length).to.equal(0)
  })
  it('keeps its key for sending through a reload', () => {
    const storage = memory()
    const draft = emptyDraft('intake-1')
    saveDraft(storage, draft, 0)
    expect(loadDraft(storage, 'intake-1', 1).submitKey).to.equal(draft.submitKey)
  })
  it('is not read under another link', () => {
    const storage = memory()
    saveDraft(storage, { ...emptyDraft('intake-1'), noPhotos: true }, 0)
    expect(loadDraft(storage, 'intake-2', 1).noPhotos).to.equal(false)
    expect(storage.length).to.equal(0)
  })
  it('is nothing to worry about where storage is full, broken or refused', () => {
    const storage = memory()
    storage.setItem('heliox-intake-draft', '{broken')
    expect(loadDraft(storage, 'intake-1', 0).seen).to.deep.equal([])
    storage.setItem = () => {
      throw new Error('QuotaExceededError')
    }
    expect(saveDraft(storage, emptyDraft('intake-1'), 0)).to.equal(false)
    expect(saveDraft(undefined, emptyDraft('intake-1'), 0)).to.equal(false)
    clearDraft(undefined)
  })
})
