import { expect } from 'chai'
import { afterProof, proofUrl } from './after-proof.ts'

describe('a page that the proof stands before', () => {
  const statusUrl = 'https://hub.example/status/a-token'

  it('is where the patient goes on, if it is one of this link', () => {
    expect(afterProof(statusUrl, '?lang=es&to=consents')).to.equal('https://hub.example/consents/a-token')
    expect(afterProof(statusUrl, '?to=correct')).to.equal('https://hub.example/correct/a-token')
    for (const odd of ['', '?to=', '?to=ops', '?to=%2F%2Fevil.example', '?to=https://evil.example/', '?to=constructor', '?to=receipt'])
      expect(afterProof(statusUrl, odd), odd).to.equal(statusUrl)
  })

  it('is named in the address that asks for the proof, beside the language', () => {
    const at = (pathname: string, search = '') => proofUrl({ origin: 'https://hub.example', pathname, search })
    expect(at('/correct/a-token', '?lang=de')).to.equal('https://hub.example/i/a-token?lang=de&to=correct')
    expect(at('/method/a-token')).to.equal('https://hub.example/i/a-token?to=method')
    const other = new URL(at('/correct/a-token'))
    expect(afterProof(statusUrl, other.search)).to.equal('https://hub.example/correct/a-token')
  })
})
