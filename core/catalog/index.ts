export * from './answer-due.ts'
export * from './calendar.ts'
export * from './holidays.ts'
export * from './model.ts'
