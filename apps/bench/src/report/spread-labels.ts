/** Moves places apart, in their order, until neighbours have `distance` between them; the middle of all stays about where it is. */
export function spreadLabels(places: readonly number[], distance: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => at(places, a) - at(places, b))
  const moved: number[] = [...places]
  let previous = Number.NEGATIVE_INFINITY
  for (const i of order) {
    moved[i] = Math.max(at(places, i), previous + distance)
    previous = at(moved, i)
  }
  const shift = moved.reduce((sum, place, i) => sum + place - at(places, i), 0) / Math.max(1, places.length)
  return moved.map((place) => place - shift)
}

function at(places: readonly number[], i: number): number {
  return places[i] ?? 0
}
