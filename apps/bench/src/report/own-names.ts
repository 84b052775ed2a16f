import type { Chart } from './section.ts'

/** `diskcache` as a word: not python-diskcache. */
const OWN = /(?<!-)\bdiskcache\b/

/** The groups and series of a chart that are this project's. */
export function ownNames({ own, points }: Chart): ReadonlySet<string> {
  if (own !== undefined) return new Set(own)
  const names = points.flatMap(({ group, series }) => [String(group), series])
  return new Set(names.filter((name) => OWN.test(name)))
}
