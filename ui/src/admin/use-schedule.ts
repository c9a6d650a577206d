import type { ScheduleState } from '../client.gen.ts'

export const stateKey = ['schedule'] as const
export const lookEveryMs = { steady: 15_000, handover: 1_000 }
export const isRunning = (state: ScheduleState | undefined): boolean => state?.handover?.endedAt === null
