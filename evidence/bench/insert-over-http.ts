import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import pg from 'pg'

/** The least that a server can do with a form: it reads it, keeps it with one prepared INSERT, and says so. A process of its own, as the api is. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 })
await pool.query('SELECT 1')
const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', async () => {
    const bytes = Buffer.concat(parts)
    JSON.parse(bytes.toString('utf8'))
    await pool.query({ name: 'insert', text: 'INSERT INTO bench.forms (id, body) VALUES ($1, $2)', values: [randomUUID(), bytes] })
    response.writeHead(202, { 'content-type': 'application/json' }).end('{}')
  })
})
// Longer than a round lasts: a connection that is closed between two rounds may be used at that very moment.
server.keepAliveTimeout = 60_000
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('{"ready":true,"process":"insert"}\n'))
process.once('SIGTERM', () => {
  server.close(() => void pool.end())
  server.closeIdleConnections()
})
