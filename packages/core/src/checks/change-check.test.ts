import { expect, test } from 'vitest'
import { checkChange } from './change-check.ts'

test('checkChange() gives a change back', () => {
  for (const change of [
    { set: undefined },
    { set: 1, ttl: 1, tag: 't', pin: true },
    { delete: true },
    { keep: true },
  ])
    expect(checkChange(change)).toBe(change)
})

test('checkChange() refuses what is none, with what is wrong', () => {
  for (const change of [undefined, null, 1, {}, { set: 1, keep: true }, { set: 1, other: 1 }])
    expect(() => checkChange(change)).toThrow(TypeError)
  expect(() => checkChange(Promise.resolve({ keep: true }))).toThrow('must be synchronous')
})
