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

/** The storage no longer takes this ticket. */
class TicketEnded extends UploadError {
  constructor() {
    super('failed')
    this.name = 'TicketEnded'
  }
}

/** How far each chosen file got: pressing "Send it again" goes on from there. */
const unfinished = new WeakMap<Blob, { photo: Blob; ticket: UploadTicket | null; arrived: boolean }>()
const ticketLeftMs = 5_000
const triesMax = 3
const pauseMs = 1_000
/** A phone's photo of a card needs no more; bigger ones are drawn smaller before they travel. */
const longSidePx = 2400
const shrinkAboveBytes = 3 * 1024 * 1024

/**
 * One photo, from the phone straight into the quarantine bucket: the api only hands out the signed URL and is told when the
 * bytes are there. A lost connection is tried again from where it broke off, with the same ticket while it lasts: each ticket
 * counts against what the form takes. A "no" is not tried again.
 */
export async function sendPhoto(
  file: Blob,
  kind: UploadKind,
  limits: IntakeView['limits'],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<{ uploadId: string }> {
  const sending = unfinished.get(file) ?? { photo: await prepared(file, limits), ticket: null, arrived: false }
  unfinished.set(file, sending)
  const { photo } = sending
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!sending.ticket || (!sending.arrived && Date.parse(sending.ticket.expiresAt) - nowMs() < ticketLeftMs)) {
        sending.ticket = await requestUpload({ body: { kind, contentType: photo.type as PhotoType, bytes: photo.size } }, { signal })
      }
      const { ticket } = sending
      if (!sending.arrived) await put(ticket.putUrl, ticket.headers, photo, onProgress, signal)
      sending.arrived = true
      await completeUpload({ params: { uploadId: ticket.uploadId } }, { signal })
      unfinished.delete(file)
      return { uploadId: ticket.uploadId }
    } catch (error) {
      const trouble = troubleOf(error)
      // What was said no to, or has ended before its time, is of no more use.
      if (trouble === 'refused' || error instanceof TicketEnded) sending.ticket = null
      if (signal.aborted || trouble !== 'failed' || attempt === triesMax) throw new UploadError(trouble, error)
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt))
    }
  }
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
function put(url: string, headers: Record<string, string>, photo: Blob, onProgress: (share: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value)
    request.timeout = 120_000
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () =>
      request.status >= 200 && request.status < 300
        ? resolve()
        : reject(request.status === 403 ? new TicketEnded() : new UploadError(request.status >= 500 ? 'failed' : 'refused'))
    request.onerror = request.ontimeout = request.onabort = () => reject(new UploadError('failed'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(photo)
  })
}

/** Refuses what is no photo, and draws a big one smaller (which also leaves its place and camera behind). */
async function prepared(file: Blob, limits: IntakeView['limits']): Promise<Blob> {
  const known = (limits.uploadTypes as readonly string[]).includes(file.type)
  if (!file.type.startsWith('image/')) throw new UploadError('notImage')
  const photo = known && file.size <= shrinkAboveBytes ? file : await redrawn(file).catch(() => undefined)
  if (!photo) {
    // A browser that cannot draw it may still send it as it is.
    if (known && file.size <= limits.uploadBytesMax) return file
    throw new UploadError(known ? 'tooLarge' : 'notImage')
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
