import { expect } from 'chai'
import { brokenPromise, type ReadDocument } from './check.ts'
import { codecReading } from './codec-reading.ts'
import { corpusOf, mutated } from './mutate.ts'
import { fuzz, reportOf } from './run.ts'
import { shrink } from './shrink.ts'

/** The same documents for everybody by default, so that a change is judged by what it changed; `FUZZ_SEED=$RANDOM` looks further. */
const seed = Number(process.env.FUZZ_SEED ?? 20261201)
const runs = Number(process.env.FUZZ_RUNS ?? 1_000_000)

describe('A million damaged documents', () => {
  it(`crash nothing, hang nothing, and give no verdict but the oracle's (FUZZ_SEED=${seed} FUZZ_RUNS=${runs})`, async function () {
    this.timeout(30 * 60_000)
    const outcome = await fuzz(seed, runs)
    if (outcome.fault) expect.fail(reportOf(seed, outcome.fault))
    expect(outcome.runs).to.equal(runs)
    expect(outcome.slowestMs, 'the slowest document, in milliseconds').to.be.lessThan(5_000)
  })
})

describe('The run over damaged documents', () => {
  const corpus = corpusOf(7)
  const faultsOf = (read: ReadDocument): string[] => {
    const found: string[] = []
    for (let run = 0; run < 3000; run += 1) {
      const { text, pieceBytes } = mutated(corpus, 7, run)
      const fault = brokenPromise(text, pieceBytes, read)
      if (fault) found.push(fault)
    }
    return found
  }
  const honest = codecReading(false)

  it('makes the same document of the same seed and number, and another of another', () => {
    expect(mutated(corpus, 7, 41)).to.deep.equal(mutated(corpusOf(7), 7, 41))
    const texts = new Set(Array.from({ length: 2000 }, (_, run) => mutated(corpus, 7, run).text))
    expect(texts.size).to.be.greaterThan(1500)
  })
  it('damages most documents and leaves enough of them whole to compare their meaning', () => {
    const whole = Array.from({ length: 2000 }, (_, run) => mutated(corpus, 7, run)).filter(({ text }) => honest(Buffer.from(text, 'latin1'), 0).intact).length
    expect(whole).to.be.within(200, 1400)
  })
  it('sees a reader that gives a damaged set a verdict', () => {
    const forgiving: ReadDocument = (bytes, pieceBytes) => {
      const seen = honest(bytes, pieceBytes)
      return { ...seen, sets: seen.sets.map((set) => (set.damaged ? { ...set, verdicts: ['active'] } : set)) }
    }
    expect(faultsOf(forgiving).some((fault) => /from a set that the reader itself calls damaged/.test(fault))).to.equal(true)
  })
  it('sees a reader that does not notice damage', () => {
    const blind: ReadDocument = (bytes, pieceBytes) => {
      const seen = honest(bytes, pieceBytes)
      return { ...seen, intact: true, sets: seen.sets.map((set) => (set.damaged ? { ...set, damaged: false, verdicts: ['active'] } : set)) }
    }
    expect(faultsOf(blind)).to.include('the reader calls a damaged document whole')
    const blindInPart: ReadDocument = (bytes, pieceBytes) => ({ ...blind(bytes, pieceBytes), intact: honest(bytes, pieceBytes).intact })
    expect(faultsOf(blindInPart).some((fault) => /from a set that does not verify/.test(fault))).to.equal(true)
  })
  it('sees a verdict that is not the one of the rules', () => {
    const hopeful: ReadDocument = (bytes, pieceBytes) => {
      const seen = honest(bytes, pieceBytes)
      return { ...seen, sets: seen.sets.map((set) => ({ ...set, verdicts: set.verdicts.map((verdict) => (verdict === 'inactive' ? 'active' : verdict)) })) }
    }
    expect(faultsOf(hopeful).some((fault) => fault.startsWith('oracle ['))).to.equal(true)
  })
  it('shrinks a document to what shows the fault', () => {
    const text = mutated(corpus, 7, 3).text
    expect(shrink(`${text}EB*6**30${text}`, (smaller) => smaller.includes('EB*6**30'))).to.equal('EB*6**30')
  })
})
