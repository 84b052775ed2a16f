import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InexactNumber, parseExactJson } from './exact-json.ts'

test('parseExactJson() reads what JSON.stringify() has written', () => {
  const json = fc.oneof(
    fc.jsonValue(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
  )
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value)
      expect(parseExactJson(text)).toStrictEqual(JSON.parse(text))
    }),
  )
})

test.each(['12345678901234567890', '-9007199254740993', '1e400', '-1e400', '1e-400', '{"a":[0,-1.5e999]}'])(
  'parseExactJson() refuses %s',
  (text) => expect(() => parseExactJson(text)).toThrow(InexactNumber),
)

test.each([
  '0',
  '-0',
  '0.0',
  '0e9',
  '9007199254740992',
  '12345678901234567168',
  '12345678901234567000',
  '0.1',
  '"1e400"',
])('parseExactJson() takes %s', (text) => expect(parseExactJson(text)).toStrictEqual(JSON.parse(text)))
