import { expect } from 'chai'
import type { ItemGroup, OverrideItem } from '../client.gen.ts'
import { filterOf, searchOf, selectionOf } from './queue-filter.ts'
import { queueRows } from './queue-rows.ts'

const read = (search: string) => filterOf(new URLSearchParams(search))
const item = (id: string, visitAt: string | null) => ({ id, visitAt }) as OverrideItem
const group = (incidentId: string, soonestVisitAt: string | null) => ({ incidentId, soonestVisitAt }) as ItemGroup

describe('the filter of the queue', () => {
  it('reads what it writes, and writes equal filters alike', () => {
    const search = 'cause=timeout&payer=QUIET3&owner=ops&mine=true&sort=age'
    expect(searchOf(read(search))).to.equal(search)
    expect(searchOf(read('sort=age&owner=ops&mine=true&payer=QUIET3&cause=timeout&status=open'))).to.equal(search)
  })

  it('takes what it does not know for not there', () => {
    expect(read(`cause=constructor&owner=nobody&kind=x&sort=1&mine=yes&incident=7&payer=${'x'.repeat(81)}`)).to.deep.equal({ status: 'open', sort: 'visit' })
  })

  it('is no selection for many at once where it says nothing, or more than one can be narrowed by', () => {
    for (const search of ['', 'status=resolved&cause=timeout', 'cause=timeout&mine=true', 'cause=timeout&kind=case'])
      expect(selectionOf(read(search)), search).to.equal(null)
    expect(selectionOf(read('cause=timeout&payer=QUIET3'))).to.deep.equal({ cause: 'timeout', payerId: 'QUIET3' })
  })
})

describe('the rows of the queue', () => {
  const at = (hour: number): string => `2027-03-04T${String(hour).padStart(2, '0')}:00:00.000Z`
  const keys = (sort: 'visit' | 'age', groups: ItemGroup[]): string[] =>
    queueRows([item('a', at(9)), item('b', at(11)), item('c', null)], groups, sort).map(({ key }) => key)

  it('put a group where its soonest visit stands, and one without a visit last', () => {
    expect(keys('visit', [group('g', at(10)), group('h', at(8)), group('i', null)])).to.deep.equal(['group-h', 'a', 'group-g', 'b', 'group-i', 'c'])
  })

  it('put groups first by age', () => {
    expect(keys('age', [group('g', at(10)), group('h', at(8))])).to.deep.equal(['group-h', 'group-g', 'a', 'b', 'c'])
  })
})
