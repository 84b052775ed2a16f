import { describe, expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

describe('jsonText()', () => {
  it('keeps in one line what fits into 110 characters, with the comma behind it', () => {
    const fits = 'x'.repeat(104)
    expect(jsonText([fits])).toBe(`["${fits}"]\n`)
    expect(jsonText([fits, `${fits}x`])).toBe(`[\n  "${fits}",\n  "${fits}x"\n]\n`)
  })

  it('gives back what it was given, without what is undefined', () => {
    const value = { a: [1, { b: null, c: 'd"' }], e: {}, f: [], g: 'x'.repeat(200), h: true }
    expect(JSON.parse(jsonText({ ...value, i: undefined }))).toEqual(value)
  })
})
