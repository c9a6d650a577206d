import { createRequire } from 'node:module'

interface HeicImage {
  width: number
  height: number
  decode(): Promise<{ data: Uint8ClampedArray<ArrayBuffer> }>
}
type All = (options: { buffer: Uint8Array }) => Promise<HeicImage[] & { dispose(): void }>

type Raw = { is: 'raw'; data: Buffer; width: number; height: number } | { is: 'refused'; reason: 'too-large' | 'unreadable' }

/**
 * The photo format of many phones, by libheif as WebAssembly: its memory is its own, whatever the file does to it. Turning and mirroring are
 * part of the format and already done in what it gives. The main picture only; what a phone keeps beside it (depth, previews) is not looked at.
 */
export async function decodeHeic(file: Buffer, pixelsMax: number): Promise<Raw> {
  // Loaded at the first such photo: it takes as much memory as everything else here.
  const { all } = createRequire(import.meta.url)('heic-decode') as { all: All }
  let images: Awaited<ReturnType<All>> | undefined
  try {
    images = await all({ buffer: file })
    const [main] = images
    if (!main || main.width < 1 || main.height < 1) return { is: 'refused', reason: 'unreadable' }
    if (main.width * main.height > pixelsMax) return { is: 'refused', reason: 'too-large' }
    const { data } = await main.decode()
    return { is: 'raw', data: Buffer.from(data.buffer), width: main.width, height: main.height }
  } catch {
    return { is: 'refused', reason: 'unreadable' }
  } finally {
    images?.dispose()
  }
}
