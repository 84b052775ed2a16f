import type { IndexedImage } from './png.ts'
import type { Pixels } from './read-png.ts'

/** As many as a palette has. */
const MOST = 256

/** The image with its most frequent colours; every other becomes the one that is nearest. */
export function fewerColours({ width, height, colours }: Pixels): IndexedImage {
  const counts = new Map<number, number>()
  const pixelCount = width * height
  for (let pixel = 0; pixel < pixelCount; pixel++) {
    const colour = colourAt(colours, pixel)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const kept = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST)
  const palette = kept.map(([colour]) => colour)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]))
  const pixels = new Uint8Array(pixelCount)
  for (let pixel = 0; pixel < pixelCount; pixel++) pixels[pixel] = places.get(colourAt(colours, pixel)) ?? 0
  return { width, height, pixels, palette: Uint8Array.from(palette.flatMap(channelsOf)) }
}

function colourAt(colours: Uint8Array, pixel: number): number {
  const [red = 0, green = 0, blue = 0] = colours.subarray(pixel * 3, pixel * 3 + 3)
  return (red << 16) | (green << 8) | blue
}

function channelsOf(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255]
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((other) => distance(channelsOf(other), channelsOf(colour)))
  return distances.indexOf(Math.min(...distances))
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + (value - (b[at] ?? 0)) ** 2, 0)
}
