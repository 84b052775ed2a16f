import fc from 'fast-check'
import { expect, test } from 'vitest'
import { afterPrefix } from './key-prefix.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

test('afterPrefix() is greater than every string with the prefix, and no other string lies between', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u{10ffff}', '\ud7ff', '\ue000', '-') })
  const property = fc.property(text, text, (prefix, other) => {
    const bound = afterPrefix(prefix)
    if (typeof bound !== 'string') return // a blob sorts after all strings
    expect(Buffer.compare(bytes(prefix + other), bytes(bound))).toBe(-1)
    const isBetween =
      Buffer.compare(bytes(other), bytes(prefix)) >= 0 && Buffer.compare(bytes(other), bytes(bound)) < 0
    expect(isBetween).toBe(other.startsWith(prefix))
  })
  fc.assert(property, { numRuns: 2_000 })
})
