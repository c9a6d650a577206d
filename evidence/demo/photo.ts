import sharp from 'sharp'

/** A real JPEG as a phone makes it: EXIF with a place and a device, turned on its side. */
export async function cardPhoto(title: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="760"><rect width="1200" height="760" fill="#dbe7f3"/>
    <rect x="40" y="40" width="1120" height="680" rx="36" fill="#fff" stroke="#345" stroke-width="6"/>
    <text x="90" y="170" font-size="72" font-family="sans-serif" fill="#234">SAMPLE CARD</text>
    <text x="90" y="300" font-size="48" font-family="sans-serif" fill="#234">${title}</text></svg>`
  return sharp(Buffer.from(svg))
    .withExif({
      IFD0: { Make: 'Example', Model: 'Phone 1', Orientation: '6' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 16/1 2/1', GPSLongitudeRef: 'W', GPSLongitude: '97/1 44/1 35/1' },
    })
    .jpeg({ quality: 82 })
    .toBuffer()
}
