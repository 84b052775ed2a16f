/** The size of a drawing in its own units. */
export const WIDTH = 600
export const HEIGHT = 100

/** Samples that a drawing has room for: those of one, two, or five minutes, so that the first ones are seen well. */
const ROOMS = [60, 120, 300]
const MOST = 300

/** A line through the last values, the newest at the right, and the area below it. */
export interface Line {
  readonly path: string
  readonly area: string
  /** The values at the bottom and at the top. */
  readonly least: number
  readonly most: number
  /** How much time the width is, in seconds. */
  readonly seconds: number
  /** The last value that there is. */
  readonly last: number | undefined
  /** Returns the number of the value that is drawn at a share of the width, if there is one. */
  indexAt(share: number): number | undefined
  xOf(index: number): number
}

/** Returns the line through values, of which some may be missing. The bottom is 0. */
export function lineOf(values: readonly (number | undefined)[], top?: number): Line {
  const room = ROOMS.find((most) => values.length <= most) ?? MOST
  const first = Math.max(0, values.length - room)
  const drawn = values.slice(first).filter((value) => value !== undefined)
  const most = top ?? Math.max(1, ...drawn)
  const xOf = (index: number) =>
    Math.round(10 * (WIDTH - (values.length - 1 - index) * (WIDTH / (room - 1)))) / 10
  const yOf = (value: number) => Math.round(10 * (HEIGHT - 1 - (value / most) * (HEIGHT - 2))) / 10
  const runs = runsOf(values, first).map((run) =>
    run.map(({ index, value }) => [xOf(index), yOf(value)] as const),
  )
  return {
    path: runs.map((run) => `M${run.map(([x, y]) => `${x} ${y}`).join('L')}`).join(''),
    area: runs.map((run) => areaOf(run)).join(''),
    seconds: room,
    least: 0,
    most,
    last: drawn.at(-1),
    xOf,
    indexAt(share) {
      const index = values.length - 1 - Math.round((1 - share) * (room - 1))
      return index >= first && index < values.length ? index : undefined
    },
  }
}

/** Values beside each other, without those that are missing. */
function runsOf(
  values: readonly (number | undefined)[],
  first: number,
): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = [[]]
  for (let index = first; index < values.length; index++) {
    const value = values[index]
    if (value === undefined) runs.push([])
    else runs.at(-1)?.push({ index, value })
  }
  return runs.filter((run) => run.length > 0)
}

function areaOf(run: readonly (readonly [number, number])[]): string {
  const points = run.map(([x, y]) => `${x} ${y}`).join('L')
  return `M${run[0]?.[0]} ${HEIGHT}L${points}L${run.at(-1)?.[0]} ${HEIGHT}Z`
}
