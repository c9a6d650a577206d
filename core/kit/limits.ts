/** Every limit that more than one part needs. Units last in the name. */
export const limits = {
  bodyBytesMax: 64 * 1024,
  uploadBytesMax: 10 * 1024 * 1024,
  /** What a lost connection costs at most; see evidence/decisions/0013. */
  uploadPartBytes: 256 * 1024,
  uploadUrlSecondsMax: 600,
  /** A patient may try again with a better photo, but not for ever. */
  uploadsPerIntakeMax: 8,
  /** With those that were asked for and never arrived. */
  uploadTicketsPerIntakeMax: 64,
  clearUrlSecondsMax: 120,
  /** An upload that was begun and never told complete. */
  uploadHoursMax: 24,
  /** A photo that nobody could scan. The bucket's own rule must be longer. */
  quarantineDaysMax: 30,
  /** Visits are booked at most so far ahead; their links live as long. */
  linkDaysMax: 366,
  /** Clinics run late, patients come late, and who walked in may fill in the form afterwards. */
  linkHoursAfterVisit: 12,
  sessionHoursMax: 8,
  statusDaysMax: 90,
  outboxBatchMax: 250,
  eventBytesMax: 32 * 1024,
  brokerDeliveriesMax: 20,
  /** A person's retry resets this; a redelivery after a crash does not count. */
  attemptsMax: 4,
  attemptAgeMsMax: 24 * 3600 * 1000,
  /** So much longer for a payer whose calendar says that it is closed; then a person. */
  waitDaysMax: 10,
  flowSecondsMax: 90,
  leaseMarginMs: 3_000,
  handBackMs: 1_000,
  pageRowsMax: 100,
  freeTextCharsMax: 500,
  /** One secret of a connection, on every way in: a set of signing keys is the longest. */
  secretCharsMax: 20_000,
} as const
