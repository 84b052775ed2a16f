/** A member of `Accept-Encoding` or `Accept-Language` (RFC 9110, 12.4.2). */
export interface Weighted {
  /** In lower case. */
  readonly name: string
  /** From 0, not acceptable, to 1. */
  readonly weight: number
}

const WEIGHT = /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i

/** Returns the members of a list as it is written, or `undefined` when it is malformed. */
export function weightedList(value: string): Weighted[] | undefined {
  const members: Weighted[] = []
  for (const part of value.split(',')) {
    const [name = '', weight, ...more] = part.split(';').map((text) => text.trim())
    if (name === '' && weight === undefined) continue
    const isSound =
      /^[\w*-]+$/.test(name) && more.length === 0 && (weight === undefined || WEIGHT.test(weight))
    if (!isSound) return undefined
    members.push({ name: name.toLowerCase(), weight: weight === undefined ? 1 : Number(weight.slice(2)) })
  }
  return members
}
