import { generateKeyPairSync, sign } from 'node:crypto'

/** A certificate for this machine that is its own authority, made for one test: no key lies in the repository. Just enough of X.509. */
export function ownCertificate(names: { dns: string; ip: string } = { dns: 'localhost', ip: '127.0.0.1' }): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(oid([2, 5, 4, 3]), tlv(0x0c, Buffer.from(names.dns)))))
  const algorithm = sequence(oid([1, 2, 840, 10045, 4, 3, 2]))
  const isAuthority = sequence(oid([2, 5, 29, 19]), tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff])))))
  const address = Buffer.from(names.ip.split('.').map(Number))
  const alternatives = sequence(oid([2, 5, 29, 17]), tlv(0x04, sequence(tlv(0x82, Buffer.from(names.dns)), tlv(0x87, address))))
  const signed = sequence(
    tlv(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(moment('20200101000000Z'), moment('20991231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(isAuthority, alternatives)),
  )
  const signature = tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', signed, privateKey)]))
  const lines =
    sequence(signed, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function tlv(tag: number, value: Buffer): Buffer {
  const size = value.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, Buffer.concat(parts))
const set = (...parts: Buffer[]): Buffer => tlv(0x31, Buffer.concat(parts))
const integer = (value: number): Buffer => tlv(0x02, Buffer.from([value]))
const moment = (text: string): Buffer => tlv(0x18, Buffer.from(text))
function oid([first = 0, second = 0, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return tlv(0x06, Buffer.from([40 * first + second, ...bytes]))
}
