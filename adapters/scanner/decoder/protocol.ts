/**
 * What goes over the pipes of a decoder process. In: the length of a file, then the file. Out: the length of a line of JSON, the line, and the
 * bytes of the pictures whose lengths it gives. One file at a time.
 */
export const refusals = ['not-an-image', 'animated', 'too-large', 'unreadable'] as const
export interface Picture {
  bytes: Buffer
  widthPx: number
  heightPx: number
}
export type Decoded = { is: 'image'; sourceType: string; full: Picture; thumb: Picture } | { is: 'refused'; reason: (typeof refusals)[number] }

type Head =
  | { is: 'image'; sourceType: string; full: Omit<Picture, 'bytes'> & { length: number }; thumb: Omit<Picture, 'bytes'> & { length: number } }
  | { is: 'refused'; reason: (typeof refusals)[number] }

export function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}

export function answerBytes(decoded: Decoded): Buffer {
  if (decoded.is === 'refused') return framed(Buffer.from(JSON.stringify(decoded satisfies Head)))
  const { full, thumb, ...rest } = decoded
  const head: Head = {
    ...rest,
    full: { length: full.bytes.length, widthPx: full.widthPx, heightPx: full.heightPx },
    thumb: { length: thumb.bytes.length, widthPx: thumb.widthPx, heightPx: thumb.heightPx },
  }
  return Buffer.concat([framed(Buffer.from(JSON.stringify(head))), full.bytes, thumb.bytes])
}

const headBytesMax = 1_000

/**
 * Undefined while more is to come. Whoever decodes hostile files is not believed either: what does not fit throws. That a picture is a JPEG
 * is looked at as well; that it is harmless is what the way it was made says, and the page's policy besides.
 */
export function readAnswer(bytes: Buffer, pictureBytesMax: number): Decoded | undefined {
  if (bytes.length < 4) return undefined
  const headLength = bytes.readUInt32BE(0)
  if (headLength > headBytesMax) throw new Error('the decoder answers in a way that is not known')
  if (bytes.length < 4 + headLength) return undefined
  const head = JSON.parse(bytes.subarray(4, 4 + headLength).toString()) as Head
  if (head.is === 'refused') {
    if (!refusals.includes(head.reason)) throw new Error('the decoder refuses for a reason that is not known')
    return { is: 'refused', reason: head.reason }
  }
  const { full, thumb } = head
  for (const number of [full.length, full.widthPx, full.heightPx, thumb.length, thumb.widthPx, thumb.heightPx])
    if (!Number.isSafeInteger(number) || number < 1 || number > pictureBytesMax) throw new Error('the decoder gives numbers that cannot be')
  const at = 4 + headLength
  if (bytes.length < at + full.length + thumb.length) return undefined
  const picture = (from: number, { length, widthPx, heightPx }: typeof full): Picture => {
    const made = Buffer.from(bytes.subarray(from, from + length))
    if (made.readUIntBE(0, 3) !== 0xffd8ff) throw new Error('the decoder gives something else than a JPEG')
    return { bytes: made, widthPx, heightPx }
  }
  if (!/^image\/[a-z]{3,8}$/.test(head.sourceType)) throw new Error('the decoder names a type that is not known')
  return { is: 'image', sourceType: head.sourceType, full: picture(at, full), thumb: picture(at + full.length, thumb) }
}
