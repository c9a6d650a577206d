import { ApiError, completeUpload, type IntakeView, type RequestUploadBody, requestUpload, type UploadTicket } from '../client.gen.ts'
import { nowMs } from '../shared/time.ts'

export type UploadKind = RequestUploadBody['kind']
type PhotoType = RequestUploadBody['contentType']

/** Why a photo did not arrive, as the words for it are called in the catalogue. */
export type UploadTrouble = 'failed' | 'tooLarge' | 'notImage' | 'tooMany' | 'refused'
export class UploadError extends Error {
  readonly trouble: UploadTrouble
  constructor(trouble: UploadTrouble, cause?: unknown) {
    super(trouble, { cause })
    this.name = 'UploadError'
    this.trouble = trouble
  }
}

/** The storage no longer takes this ticket, or not all of it arrived: a new one says what is still to be sent. */
class TicketEnded extends UploadError {
  constructor() {
    super('failed')
    this.name = 'TicketEnded'
  }
}

interface Sending {
  photo: Blob
  sha256: string
  ticket: UploadTicket | null
  /** Parts that arrived, by their place. */
  arrived: Set<number>
}
/** How far each chosen file got: pressing "Send it again" goes on from there. */
const unfinished = new WeakMap<Blob, Sending>()
const ticketLeftMs = 5_000
/** So often in a row nothing of it got through; each part that arrives begins the count anew. */
const failuresMax = 4
const pauseMs = 1_000
/** So long for a phone that knows that it has no connection. */
const offlineMsMax = 60_000
/** Nothing moved for so long: the connection is gone, whatever the browser thinks. */
const stallMs = 15_000
/** One travels while the answer to the other is on its way. */
const atOnce = 2
/** A phone's photo of a card needs no more; bigger ones are drawn smaller before they travel. */
const longSidePx = 2400
const shrinkAboveBytes = 3 * 1024 * 1024

/**
 * One photo, from the phone straight into the quarantine bucket, in parts: the api only hands out the signed URLs and is told when all are
 * there. When the connection breaks off, what arrived stays there, and the rest is sent when it is back. A "no" is not tried again.
 */
export async function sendPhoto(
  file: File,
  kind: UploadKind,
  limits: IntakeView['limits'],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ uploadId: string }> {
  const sending = unfinished.get(file) ?? (await begun(file, limits))
  unfinished.set(file, sending)
  for (let failures = 1; ; failures += 1) {
    const before = sending.arrived.size
    try {
      const ticket = await ticketFor(sending, kind, signal)
      await sendParts(sending, ticket, onProgress, signal)
      await completeUpload({ params: { uploadId: ticket.uploadId } }, { signal }).catch((error: unknown) => {
        // Its parts are not all there, or it was begun too long ago.
        throw error instanceof ApiError && (error.code === 'upload-incomplete' || error.status === 404) ? new TicketEnded() : error
      })
      unfinished.delete(file)
      return { uploadId: ticket.uploadId }
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble === 'refused' || error instanceof TicketEnded) sending.ticket = null
      if (sending.arrived.size > before) failures = 1
      if (signal.aborted || trouble !== 'failed' || failures >= failuresMax) throw new UploadError(trouble, error)
      await pause(navigator.onLine ? pauseMs * failures : offlineMsMax, signal)
    }
  }
}

async function begun(file: File, limits: IntakeView['limits']): Promise<Sending> {
  const photo = await prepared(file, limits)
  const digest = await crypto.subtle.digest('SHA-256', await photo.arrayBuffer())
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { photo, sha256, ticket: null, arrived: new Set() }
}

/** The ticket in hand while it lasts: each one counts against what the form takes. */
async function ticketFor(sending: Sending, kind: UploadKind, signal: AbortSignal): Promise<UploadTicket> {
  const { photo, sha256, ticket } = sending
  if (ticket && Date.parse(ticket.expiresAt) - nowMs() > ticketLeftMs) return ticket
  const fresh = await requestUpload({ body: { kind, contentType: photo.type as PhotoType, bytes: photo.size, sha256 } }, { signal })
  sending.ticket = fresh
  sending.arrived = new Set(fresh.parts.flatMap(({ putUrl }, at) => (putUrl === null ? [at] : [])))
  return fresh
}

async function sendParts({ photo, arrived }: Sending, ticket: UploadTicket, onProgress: (share: number) => void, signal: AbortSignal): Promise<void> {
  let from = 0
  const parts = ticket.parts.map(({ bytes, putUrl }, at) => {
    const blob = photo.slice(from, from + bytes)
    from += bytes
    return { at, blob, putUrl }
  })
  const sent = parts.map(({ at, blob }) => (arrived.has(at) ? blob.size : 0))
  const tell = (): void => onProgress(sent.reduce((sum, bytes) => sum + bytes, 0) / photo.size)
  tell()
  const todo = parts.filter(({ at }) => !arrived.has(at))
  const worker = async (): Promise<void> => {
    for (let part = todo.shift(); part; part = todo.shift()) {
      const { at, blob, putUrl } = part
      if (putUrl === null || Date.parse(ticket.expiresAt) - nowMs() < ticketLeftMs) throw new TicketEnded()
      await put(putUrl, ticket.headers, blob, signal, (bytes) => {
        sent[at] = bytes
        tell()
      }).catch((error: unknown) => {
        // The other one need not begin another part.
        todo.length = 0
        throw error
      })
      arrived.add(at)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** Until the phone says that it is connected again, or the time is over. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController()
    const done = (): void => {
      clearTimeout(timer)
      over.abort()
      resolve()
    }
    const timer = setTimeout(done, ms)
    globalThis.addEventListener('online', done, { once: true, signal: over.signal })
    signal.addEventListener('abort', done, { once: true, signal: over.signal })
  })
}

function troubleOf(error: unknown): UploadTrouble {
  if (error instanceof UploadError) return error.trouble
  if (!(error instanceof ApiError)) return 'failed'
  if (error.passing) return 'failed'
  if (error.code === 'too-many-uploads') return 'tooMany'
  if (error.status === 413 || error.fields.some((field) => field.path.endsWith('bytes'))) return 'tooLarge'
  return 'refused'
}

/** XMLHttpRequest, because fetch tells nothing about how much has been sent. */
function put(url: string, headers: Record<string, string>, part: Blob, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const over = new AbortController()
    let stalled = setTimeout(() => request.abort(), stallMs)
    const failed = (error: UploadError): void => {
      onProgress(0)
      reject(error)
    }
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => {
      clearTimeout(stalled)
      stalled = setTimeout(() => request.abort(), stallMs)
      onProgress(Math.min(part.size, event.loaded))
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve()
      else failed(request.status === 403 ? new TicketEnded() : new UploadError(request.status >= 500 ? 'failed' : 'refused'))
    }
    request.onerror = request.ontimeout = request.onabort = () => failed(new UploadError('failed'))
    request.onloadend = () => {
      clearTimeout(stalled)
      over.abort()
    }
    signal.addEventListener('abort', () => request.abort(), { once: true, signal: over.signal })
    request.send(part)
  })
}

/** Phones and desktops often give such a file no type at all. */
const heicTypes = ['image/heic', 'image/heif']
const isHeic = (file: File): boolean => heicTypes.includes(file.type) || (file.type === '' && /\.hei[cf]$/i.test(file.name))

/** Refuses what is no photo, and draws a big one smaller (which also leaves its place and camera behind). */
async function prepared(file: File, limits: IntakeView['limits']): Promise<Blob> {
  const heic = isHeic(file)
  const known = (limits.uploadTypes as readonly string[]).includes(file.type)
  if (!heic && !file.type.startsWith('image/')) throw new UploadError('notImage')
  const photo = known && file.size <= shrinkAboveBytes ? file : await redrawn(file).catch(() => undefined)
  if (!photo) {
    // A browser that cannot draw it may still send it as it is; a HEIC is then converted on our side.
    if ((known || heic) && file.size <= limits.uploadBytesMax) return known ? file : new Blob([file], { type: 'image/heic' })
    throw new UploadError(known || heic ? 'tooLarge' : 'notImage')
  }
  if (photo.size > limits.uploadBytesMax) throw new UploadError('tooLarge')
  return photo
}

async function redrawn(file: Blob): Promise<Blob | undefined> {
  const picture = await createImageBitmap(file)
  const scale = Math.min(1, longSidePx / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', 0.85))
}
