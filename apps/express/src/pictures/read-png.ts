import { promisify } from 'node:util'
import { inflate } from 'node:zlib'

const decompress = promisify(inflate)

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Three bytes a pixel, row by row. */
  readonly colours: Uint8Array
}

/** Reads a PNG as Chromium writes it: 8 bits a channel, three or four channels, the fourth of which is left out. */
export async function readPng(file: Buffer): Promise<Pixels> {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)]
  const channels = new Map([
    [2, 3],
    [6, 4],
  ]).get(file.readUInt8(25))
  if (channels === undefined || file.readUInt8(24) !== 8) throw new TypeError('Cannot read this kind of PNG')
  const rows = unfiltered(await decompress(Buffer.concat(dataOf(file))), width * channels, channels)
  const colours = new Uint8Array(width * height * 3)
  for (let pixel = 0; pixel < width * height; pixel++) {
    colours.set(rows.subarray(pixel * channels, pixel * channels + 3), pixel * 3)
  }
  return { width, height, colours }
}

/** What the chunks `IDAT` have in them. */
function dataOf(file: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
    const length = file.readUInt32BE(at)
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + length))
  }
  return parts
}

/** Each byte is stored as its difference from a guess (PNG specification, 9). */
function unfiltered(data: Buffer, length: number, channels: number): Uint8Array {
  const height = data.length / (length + 1)
  const rows = new Uint8Array(length * height)
  for (let row = 0; row < height; row++) {
    const filter = data[row * (length + 1)]
    for (let at = 0; at < length; at++) {
      const place = row * length + at
      const left = at < channels ? 0 : (rows[place - channels] ?? 0)
      const above = rows[place - length] ?? 0
      const corner = at < channels ? 0 : (rows[place - length - channels] ?? 0)
      rows[place] = (data[row * (length + 1) + 1 + at] ?? 0) + guess(filter, left, above, corner)
    }
  }
  return rows
}

function guess(filter: number | undefined, left: number, above: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return above
  if (filter === 3) return Math.floor((left + above) / 2)
  return filter === 4 ? paeth(left, above, corner) : 0
}

/** The neighbour that is nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)]
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
