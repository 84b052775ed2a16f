const UNITS = [
  { name: 's', nanoseconds: 1e9 },
  { name: 'ms', nanoseconds: 1e6 },
  { name: 'µs', nanoseconds: 1e3 },
] as const

const SMALLEST = UNITS[2]

/** In the unit that a reader would choose, with three digits. */
export function durationText(nanoseconds: number): string {
  const { name, nanoseconds: unit } = UNITS.find((unit) => nanoseconds >= unit.nanoseconds) ?? SMALLEST
  const count = nanoseconds / unit
  return `${count.toFixed(count < 10 ? 2 : count < 100 ? 1 : 0)} ${name}`
}
