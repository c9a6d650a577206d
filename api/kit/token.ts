import { randomBytes } from 'node:crypto'
import { sha256Hex } from '@heliox/core/kit'

/** What a link or a session cookie holds: 256 random bits. Only the hash is ever stored. */
export const newToken = (): string => randomBytes(32).toString('base64url')
export const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{20,100}$/.test(text)
export const tokenHash = (token: string): string => sha256Hex(token)
