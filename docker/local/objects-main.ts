import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { checkSignature } from './signature.ts'

/**
 * The object store of a laptop: an S3 server from npm, one process, files under OBJECTS_FOLDER. A real store is anything that
 * speaks the S3 API; this one exists so that `make up` needs nothing installed.
 */
interface S3Server {
  configureBuckets(): Promise<unknown>
  callback(): RequestListener
}
const require = createRequire(import.meta.url)
const S3rver = require('s3rver') as new (options: Record<string, unknown>) => S3Server
const { DUMMY_ACCOUNT: account } = require('s3rver/lib/models/account') as { DUMMY_ACCOUNT: { createKeyPair(accessKey: string, secretKey: string): void } }

const setting = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
const port = Number(setting('OBJECTS_PORT'))
const keys = { accessKey: setting('OBJECTS_ACCESS_KEY'), secretKey: setting('OBJECTS_SECRET_KEY') }

/** A browser lets a page of this machine put and get by signed URL, whatever port served it, and a page of another origin not. */
const cors = `<CORSConfiguration><CORSRule>
  <AllowedOrigin>http://localhost:*</AllowedOrigin><AllowedOrigin>http://127.0.0.1:*</AllowedOrigin>
  <AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>
  <AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds>
</CORSRule></CORSConfiguration>`

const store = new S3rver({
  silent: true,
  directory: setting('OBJECTS_FOLDER'),
  vhostBuckets: false,
  configureBuckets: setting('OBJECTS_BUCKETS')
    .split(',')
    .map((name) => ({ name, configs: [cors] })),
})
account.createKeyPair(keys.accessKey, keys.secretKey)
await store.configureBuckets()
const serve = store.callback()

const server = createServer((request, response) => {
  // A browser asks first (preflight) without a signature.
  const verdict =
    request.method === 'OPTIONS' ? 'ok' : checkSignature({ method: request.method ?? '', url: request.url ?? '/', headers: request.headers }, keys, new Date())
  if (verdict === 'ok') return serve(request, response)
  request.resume()
  response.writeHead(403, { 'content-type': 'application/xml', 'access-control-allow-origin': '*' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${verdict}</Code><Message>The signature was not accepted.</Message></Error>`)
})
server.listen(port, '127.0.0.1', () => {
  console.log(JSON.stringify({ ready: true, process: 'objects', url: `http://127.0.0.1:${port}` }))
})
process.once('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
