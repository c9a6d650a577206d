import { expect } from 'chai'
import { makePlaces } from './lock-places.ts'

const forever = () => AbortSignal.timeout(60_000)
/** Lets everybody go on who can. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Who came in, in their order; `leave` gives back the first place of one clinic. */
function crowd(max: number, ofOneMax: number) {
  const places = makePlaces(max, ofOneMax)
  const came: string[] = []
  const held: [name: string, free: () => void][] = []
  return {
    came,
    places,
    async enter(...names: string[]) {
      for (const name of names)
        void places.take(name, forever()).then((free) => {
          came.push(name)
          if (free) held.push([name, free])
        })
      await settled()
    },
    async leave(name: string) {
      const index = held.findIndex(([whose]) => whose === name)
      const [one] = held.splice(index, 1)
      one?.[1]()
      await settled()
    },
  }
}

describe('places that clinics share', () => {
  it('are never all of one clinic’s, however many of it wait', async () => {
    const { enter, came } = crowd(6, 4)
    await enter(...Array<string>(20).fill('slow'))
    expect(came).to.deep.equal(['slow', 'slow', 'slow', 'slow'])
    await enter('other', 'third')
    expect(came.slice(4)).to.deep.equal(['other', 'third'])
  })

  it('go to the clinic that has the fewest when one comes free, and among these to the longest wait', async () => {
    const { enter, leave, came } = crowd(3, 2)
    await enter('a', 'a', 'b', 'b', 'a', 'd', 'c')
    expect(came).to.deep.equal(['a', 'a', 'b'])
    await leave('a')
    await leave('b')
    await leave('a')
    await leave('d')
    expect(came.slice(3)).to.deep.equal(['d', 'b', 'a', 'c'])
  })

  it('are given back by whoever did not wait to the end, and are never lost', async () => {
    const { enter, leave, places, came } = crowd(1, 1)
    await enter('a')
    expect(await places.take('b', AbortSignal.timeout(5))).to.equal(undefined)
    const both = new AbortController()
    const late = places.take('b', both.signal)
    await settled()
    both.abort()
    await leave('a')
    expect(await late).to.equal(undefined)
    await enter('c')
    expect(came).to.deep.equal(['a', 'c'])
    expect(await makePlaces(1, 1).take('a', AbortSignal.abort()), 'and nobody enters whose time is over').to.equal(undefined)
  })
})
