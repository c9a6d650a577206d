import { writeFileSync } from 'node:fs'
import { openApiDocument } from './openapi.ts'

/** The committed document, byte for byte; `make gen` calls it and `make check` compares. */
export function writeOpenApi(): string {
  const file = new URL('./openapi.json', import.meta.url)
  const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`
  writeFileSync(file, text)
  return file.pathname
}

if (import.meta.main) process.stdout.write(`${writeOpenApi()}\n`)
