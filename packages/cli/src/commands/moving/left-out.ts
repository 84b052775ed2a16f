import { formatCount } from '../../terminal/sizes.ts'

/** Returns what follows the number of entries that were moved: how many were not, by what they are. */
export function leftOutText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0)
  if (some.length === 0) return ''
  return `; left out: ${some.map(([what, count]) => `${formatCount(count)} ${what}`).join(', ')}`
}
