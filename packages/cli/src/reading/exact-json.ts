/** JSON with a number that a number of JavaScript does not hold. */
export class InexactNumber extends Error {}

/**
 * Returns what JSON says.
 *
 * @throws InexactNumber for an integer that would be rounded, and for a number that is too large or too small, SyntaxError
 * for what is no JSON
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, check as (name: string, value: unknown) => unknown)
}

function check(_name: string, value: unknown, { source = '' }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || isExact(value, source)) return value
  throw new InexactNumber(`${source} is no number of JavaScript; write it as a text`)
}

function isExact(number: number, source: string): boolean {
  if (!Number.isFinite(number)) return false
  if (number === 0) return !/^-?[\d.]*[1-9]/.test(source)
  if (!/^-?\d+$/.test(source) || Number.isSafeInteger(number)) return true
  // JavaScript itself writes the shortest text that is read back as the same number.
  return String(number) === source || BigInt(number) === BigInt(source)
}
