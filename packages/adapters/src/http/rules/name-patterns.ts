/** Returns whether a name is one of those that were given. */
export type NameTest = (name: string) => boolean

/** Returns whether this is a name, or a pattern with one `*`, at its beginning or its end. */
export function isNamePattern(text: string): boolean {
  return /^(?:\*?[^*\s]+|[^*\s]+\*)$/.test(text)
}

/** Returns a test of names by names and patterns, whose `*` stands for any text. Its cost does not grow with the name's length. */
export function nameTest(patterns: readonly string[]): NameTest {
  const names = new Set(patterns.filter((pattern) => !pattern.includes('*')))
  const beginnings = patterns.filter((pattern) => pattern.endsWith('*')).map((text) => text.slice(0, -1))
  const ends = patterns.filter((pattern) => pattern.startsWith('*')).map((text) => text.slice(1))
  return (name) =>
    names.has(name) ||
    beginnings.some((text) => name.startsWith(text)) ||
    ends.some((text) => name.endsWith(text))
}
