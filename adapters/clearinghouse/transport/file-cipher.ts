/**
 * The seam for partners that want files encrypted and signed (PGP): on the way out after writing, on the way in before anything is
 * parsed. `plainFiles` is what is used until a partner asks for more.
 */
export interface FileCipher {
  /** Added to the file's name on the way out. */
  readonly suffix: string
  seal(plain: Buffer): Promise<Buffer>
  /** Throws when the signature does not hold: such bytes are nobody's word. */
  open(received: Buffer): Promise<Buffer>
  /** Whether these bytes at the partner carry this plain text: sealing the same text twice need not give the same bytes. */
  isSealOf(found: Buffer, plain: Buffer): Promise<boolean>
}

export const plainFiles: FileCipher = {
  suffix: '',
  seal: async (plain) => plain,
  open: async (received) => received,
  isSealOf: async (found, plain) => found.equals(plain),
}
