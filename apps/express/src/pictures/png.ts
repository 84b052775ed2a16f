import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

const compress = promisify(deflate)

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export interface IndexedImage {
  readonly width: number
  readonly height: number
  /** One byte a pixel, row by row: a place in the palette. */
  readonly pixels: Uint8Array
  /** Up to 256 colours, of three bytes each. */
  readonly palette: Uint8Array
}

/** The image as PNG with a palette (colour type 3 of the PNG specification). */
export async function png({ width, height, pixels, palette }: IndexedImage): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Bits a pixel, and the colour type; compression, filter and interlacing are 0.
  header.set([8, 3], 8)
  // Every row begins with the number of its filter: none.
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row++) {
    rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1)
  }
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', await compress(rows, { level: 9 })),
  ]
  return Buffer.concat([SIGNATURE, ...parts, chunk('IEND', new Uint8Array(0))])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.byteLength)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
