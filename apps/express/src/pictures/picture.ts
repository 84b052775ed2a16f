import type { Print } from '../shop/print.ts'
import { HEIGHT, juliaSet, LEVELS, WIDTH } from './julia-set.ts'
import { png } from './png.ts'

/** The picture of a print as PNG, computed anew each time. */
export async function picture(print: Print): Promise<Buffer> {
  const pixels = await juliaSet(print)
  return png({ width: WIDTH, height: HEIGHT, pixels, palette: paletteOf(print) })
}

/** The colours, evenly spread and mixed between. The set itself has the first. */
function paletteOf({ colours }: Print): Uint8Array {
  const stops = colours.map(bytesOf)
  const palette = new Uint8Array(LEVELS * 3)
  for (let level = 0; level < LEVELS; level++) {
    const place = level === LEVELS - 1 ? 0 : (level / (LEVELS - 2)) * (stops.length - 1)
    palette.set(mix(stops, place), level * 3)
  }
  return palette
}

function mix(stops: readonly (readonly number[])[], place: number): number[] {
  const from = stops[Math.floor(place)] ?? []
  const to = stops[Math.ceil(place)] ?? []
  return from.map((value, at) => Math.round(value + ((to[at] ?? value) - value) * (place % 1)))
}

function bytesOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
