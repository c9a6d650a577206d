import { createHash } from 'node:crypto'
import type { ControlNumbers, Locks, ObjectStore } from '@heliox/core/kit'

/** What tests of adapters need in place of the hub. */

/** Gap-safe counters in memory: the same key has the same number and moment. */
export function memoryNumbers(now: () => Date = () => new Date('2026-11-23T15:00:00Z')): ControlNumbers {
  const taken = new Map<string, { number: number; takenAt: Date }>()
  const last = new Map<string, number>()
  return {
    async take(sequence, key) {
      const id = JSON.stringify([sequence, key])
      const known = taken.get(id)
      if (known) return known
      const fresh = { number: (last.get(sequence) ?? 0) + 1, takenAt: now() }
      last.set(sequence, fresh.number)
      taken.set(id, fresh)
      return fresh
    },
  }
}

/** For adapters that move no file bytes: asking for them is a mistake that a test must show. */
export const noObjects: ObjectStore = {
  get: () => Promise.reject(new Error('this adapter moves no bytes')),
  put: () => Promise.reject(new Error('this adapter moves no bytes')),
  remove: () => Promise.reject(new Error('this adapter moves no bytes')),
}

/** One at a time within this process. Several keys wait for all of them: they are in line for each before anybody else comes. */
export function memoryLocks(): Locks {
  const lines = new Map<string, Promise<unknown>>()
  return {
    async serially(key, work) {
      const keys = typeof key === 'string' ? [key] : key
      const mine = Promise.allSettled(keys.map((one) => lines.get(one))).then(work)
      const line = mine.catch(() => undefined)
      for (const one of keys) lines.set(one, line)
      return mine
    },
    keyOf: async (parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
  }
}
