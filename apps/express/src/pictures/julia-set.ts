import { setImmediate } from 'node:timers/promises'
import type { Print } from '../shop/print.ts'

export const WIDTH = 480
export const HEIGHT = 600

/** Levels of closeness; the last one is the set itself. */
export const LEVELS = 256

/** Steps after which a point counts as one that stays. */
const MOST_STEPS = 240

/** How much of the plane the width of the picture shows. */
const SPAN = 2.5

/** Rows that are computed in one go; between them other requests have their turn. */
const ROWS_AT_ONCE = 12

/** How close every pixel is to the Julia set of a print, row by row, from 0 to `LEVELS - 1`: some tenths of a second of work. */
export async function juliaSet({ constant }: Print): Promise<Uint8Array> {
  const levels = new Uint8Array(WIDTH * HEIGHT)
  const scale = SPAN / WIDTH
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < WIDTH; column++) {
      // Turned by a right angle: the sets are wider than high, and a print is not.
      const re = (row - HEIGHT / 2) * scale
      const im = (column - WIDTH / 2) * scale
      levels[row * WIDTH + column] = levelOf(re, im, constant)
    }
    if (row % ROWS_AT_ONCE === 0) await setImmediate()
  }
  return levels
}

/** Steps until `z² + c` leaves, with fractions, so that colours flow into each other. */
function levelOf(re: number, im: number, constant: Print['constant']): number {
  for (let step = 0; step < MOST_STEPS; step++) {
    const size = re * re + im * im
    if (size > 64) {
      const smooth = Math.max(0, step + 1 - Math.log2(Math.log2(size) / 2))
      return Math.min(LEVELS - 2, Math.round((LEVELS - 2) * Math.sqrt(smooth / MOST_STEPS) * 1.25))
    }
    const next = re * re - im * im + constant.re
    im = 2 * re * im + constant.im
    re = next
  }
  return LEVELS - 1
}
