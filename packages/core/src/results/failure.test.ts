import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { describeError, isFailure, reviveError } from './failure.ts'

test.for<[what: string, error: unknown, revived: object]>([
  ['code', Object.assign(new TypeError('m'), { code: 'E' }), { name: 'TypeError', message: 'm', code: 'E' }],
  ['number of a code', Object.assign(new Error('m'), { code: 5 }), { name: 'Error', message: 'm', code: 5 }],
  ['code 0', Object.assign(new Error('m'), { code: 0 }), { code: 0 }],
  ['code of a DOMException', new DOMException('m', 'TimeoutError'), { name: 'TimeoutError', code: 23 }],
  [
    'name and code of another realm',
    runInNewContext("Object.assign(new RangeError('m'), { code: 'E' })"),
    { name: 'RangeError', message: 'm', code: 'E' },
  ],
])('describeError() and reviveError() keep the %s', ([, error, revived]) => {
  const failure = JSON.parse(JSON.stringify(describeError(error)))
  expect(isFailure(failure)).toBe(true)
  expect(reviveError(failure)).toMatchObject(revived)
  expect(reviveError(failure)).toBeInstanceOf(Error)
})

test('describeError() leaves out codes that not every codec keeps', () => {
  for (const code of [Number.NaN, Infinity, null, 1n, { a: 1 }, () => {}])
    expect(describeError(Object.assign(new Error('m'), { code }))).not.toHaveProperty('code')
})

test('describeError() quotes what is no error, and cuts long texts', () => {
  expect(describeError({ a: 1 })).toEqual({ name: 'Error', message: '{ a: 1 }' })
  const { message, code } = describeError(
    Object.assign(new Error('m'.repeat(1e5)), { code: 'c'.repeat(1e5) }),
  )
  expect([message.length, String(code).length]).toEqual([10_000, 10_000])
})
