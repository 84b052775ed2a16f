import { type Weighted, weightedList } from '../fields/weighted-list.ts'

/** Longer values are made up; they are compared as they are. */
const MAX_LENGTH = 1_024

/**
 * Returns what matters in `Accept-Encoding`: which codings are wanted before which others, or as much as they, and which
 * are not. How much exactly, and how that is spelled, is left out. What is malformed is returned as it is.
 */
export function codingsOf(value: string): string {
  const members = value.length > MAX_LENGTH ? undefined : weightedList(value)
  if (members === undefined) return value
  const refused = members.filter(({ weight }) => weight === 0).map(({ name }) => `!${name}`)
  const wanted = members.filter(({ weight }) => weight > 0)
  const known = wanted.map(({ name, weight }) => ({ name: name === 'x-gzip' ? 'gzip' : name, weight }))
  return [inOrder(known), ...refused.toSorted()].join(';')
}

/**
 * Returns which of the languages that the application has are wanted, and in which order (RFC 4647, 3.4): an application
 * that chooses by that chooses alike for all values with the same outcome. What is malformed is returned as it is.
 */
export function languagesOf(value: string, offered: readonly string[]): string {
  const ranges = value.length > MAX_LENGTH ? undefined : weightedList(value)
  if (ranges === undefined) return value
  const wanted = offered.map((name) => {
    const at = bestRange(name, ranges)
    return { name, weight: ranges[at]?.weight ?? 0, at }
  })
  return inOrder(wanted.filter(({ weight }) => weight > 0).toSorted((a, b) => a.at - b.at))
}

/** Returns the names from the most wanted to the least; those that are wanted alike stay in their order. */
function inOrder(members: readonly Weighted[]): string {
  let text = ''
  let last: number | undefined
  for (const { name, weight } of members.toSorted((a, b) => b.weight - a.weight)) {
    if (last !== undefined) text += last === weight ? '=' : '>'
    text += name
    last = weight
  }
  return text
}

/** Returns the place of the range that says most about a language; -1 when none does. */
function bestRange(language: string, ranges: readonly Weighted[]): number {
  let best = { at: -1, closeness: 0, weight: 0 }
  for (const [at, { name, weight }] of ranges.entries()) {
    const closeness = closenessOf(language, name)
    const isBetter = closeness > best.closeness || (closeness === best.closeness && weight > best.weight)
    if (closeness > 0 && isBetter) best = { at, closeness, weight }
  }
  return best.at
}

/** Returns how much a range says about a language: most when it is the language itself, nothing with 0. */
function closenessOf(language: string, range: string): number {
  if (range === language) return 4
  if (range.startsWith(`${language}-`)) return 3
  if (language.startsWith(`${range}-`)) return 2
  return range === '*' ? 1 : 0
}
