import { expect } from 'chai'
import { isKnownScript, isPrivateLine } from './private-line.ts'

describe('core/kit private line', () => {
  it('is TLS, or the machine itself', () => {
    for (const url of ['https://payer.example/x12', 'http://127.0.0.1:8080/x12', 'http://localhost:1', 'http://[::1]:1/'])
      expect(isPrivateLine(url), url).to.equal(true)
    for (const url of ['http://payer.example', 'http://127.0.0.1.payer.example', 'http://localhost@payer.example', 'ftp://127.0.0.1/', 'payer', '']) {
      expect(isPrivateLine(url), url).to.equal(false)
    }
  })

  it('knows whose script may run on the shared origin', () => {
    const foreign = [
      'https://evil.example/x.js',
      'http://js.stripe.com/v3/',
      'https://js.stripe.com:8443/',
      'https://js.stripe.com.evil.example/',
      'https://js.stripe.com@evil.example/',
      'x',
    ]
    for (const url of foreign) for (const production of [true, false]) expect(isKnownScript(url, { production }), url).to.equal(false)
    expect(isKnownScript('https://js.stripe.com/v3/', { production: true })).to.equal(true)
  })

  it('takes a script of the machine itself only where there are no real patients', () => {
    expect(isKnownScript('http://127.0.0.1:9000/v3/', { production: false })).to.equal(true)
    for (const url of ['http://127.0.0.1:9000/v3/', 'https://localhost/v3/']) expect(isKnownScript(url, { production: true }), url).to.equal(false)
  })
})
