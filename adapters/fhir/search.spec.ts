import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Patient } from '@medplum/fhirtypes'
import { expect } from 'chai'
import { contextOf } from './fixtures/context.ts'
import { type Read, tagged } from './search.ts'

describe('what was searched, with the tag of its version', () => {
  const told = (more: object) => ({ resourceType: 'Patient', id: 'p1', birthDate: '1980-01-01', ...more }) as Patient & { id: string }
  /** What a search told before, and what the server tells now when it is read by itself. */
  async function ask(before: object, now: object, etag = 'W/"2"') {
    const server = createServer((_request, response) => response.setHeader('etag', etag).end(JSON.stringify(told(now))))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    try {
      const seen: Read<Patient> = { ref: 'Patient/p1', resource: told(before), etag: undefined }
      return await tagged(contextOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen)
    } finally {
      server.close()
    }
  }

  it('is taken by its version where the server tells one', async () => {
    expect(await ask({ meta: { versionId: '2' } }, { meta: { versionId: '2' } })).to.have.property('etag', 'W/"2"')
    expect(await ask({ meta: { versionId: '1' } }, { meta: { versionId: '2' } })).to.equal('changed')
  })

  it('is taken by what it says where the server tells versions by the tag alone', async () => {
    expect(await ask({}, {})).to.have.property('etag', 'W/"2"')
    expect(await ask({}, { birthDate: '1980-01-02' }), 'an update of it would take back what was changed in between').to.equal('changed')
    expect(await ask({}, { meta: { versionId: '2' } })).to.equal('changed')
  })
})
