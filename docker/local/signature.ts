import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

interface SignedRequest {
  method: string
  /** Path and query as they came in. */
  url: string
  headers: IncomingHttpHeaders
}
interface Keys {
  accessKey: string
  secretKey: string
}
type Refusal = 'AccessDenied' | 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | 'RequestTimeTooSkewed'

const skewMsMax = 15 * 60_000
const algorithm = 'AWS4-HMAC-SHA256'

/** What cannot be decoded stays as it is: its signature will not fit, and the server lives on. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/**
 * Checks a version 4 signature, in the header (SDK) or in the query (signed URL). The S3 server of development accepts any
 * signature and none; with this in front, a wrong key, a changed key or an expired URL fails here as it would at a real store.
 */
export function checkSignature(request: SignedRequest, keys: Keys, now: Date): 'ok' | Refusal {
  const [path = '/', rawQuery = ''] = request.url.split('?', 2)
  const query = rawQuery
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? ([decode(pair), ''] as const) : ([decode(pair.slice(0, at)), decode(pair.slice(at + 1))] as const)
    })
  const parts = inHeader(request.headers) ?? inQuery(new Map(query))
  if (!parts) return 'AccessDenied'
  const [accessKey, day = '', region = '', service = '', end] = parts.credential.split('/')
  if (accessKey !== keys.accessKey || end !== 'aws4_request') return 'InvalidAccessKeyId'
  const signedMs = Date.parse(parts.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(signedMs) || !parts.date.startsWith(day)) return 'AccessDenied'
  const ageMs = now.getTime() - signedMs
  if (ageMs < -skewMsMax) return 'RequestTimeTooSkewed'
  if (ageMs > parts.validMs) return parts.validMs === skewMsMax ? 'RequestTimeTooSkewed' : 'AccessDenied'
  if (!parts.signedHeaders.includes('host')) return 'SignatureDoesNotMatch'

  const canonical = [
    request.method,
    path,
    query
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...parts.signedHeaders.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n')
  const toSign = [algorithm, parts.date, `${day}/${region}/${service}/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join('\n')
  let key: Buffer = Buffer.from(`AWS4${keys.secretKey}`)
  for (const step of [day, region, service, 'aws4_request', toSign]) key = createHmac('sha256', key).update(step).digest()
  const given = Buffer.from(parts.signature, 'hex')
  return given.length === key.length && timingSafeEqual(given, key) ? 'ok' : 'SignatureDoesNotMatch'
}

interface Parts {
  credential: string
  signedHeaders: string[]
  signature: string
  date: string
  validMs: number
  payloadHash: string
}

function inHeader(headers: IncomingHttpHeaders): Parts | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '')
  const [, credential, signed, signature] = match ?? []
  if (!credential || !signed || !signature) return undefined
  return {
    credential,
    signature,
    signedHeaders: signed.split(';'),
    date: String(headers['x-amz-date'] ?? ''),
    validMs: skewMsMax,
    payloadHash: String(headers['x-amz-content-sha256'] ?? ''),
  }
}

function inQuery(query: ReadonlyMap<string, string>): Parts | undefined {
  const validSeconds = Number(query.get('X-Amz-Expires'))
  if (query.get('X-Amz-Algorithm') !== algorithm || !(validSeconds > 0)) return undefined
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    signature: query.get('X-Amz-Signature') ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    date: query.get('X-Amz-Date') ?? '',
    validMs: validSeconds * 1000,
    payloadHash: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  }
}

const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
