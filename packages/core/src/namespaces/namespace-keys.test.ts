import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeCanonicalKey } from '../codec/canonical-key.ts'
import { QUEUE_KEYS } from '../codec/queue-keys.ts'
import type { Key } from '../contract/entry.ts'
import { NamespaceKeys } from './namespace-keys.ts'

const whole = new NamespaceKeys('')

/** Any UTF-16, mostly of what could be mistaken for something else. */
const text = fc.oneof(
  fc
    .array(
      fc.constantFrom(...['a', 'b', ':', '%', '#', '-', 's', 'i', '7', '\0', '\ud800', '\udc00', '%003a']),
      {
        maxLength: 6,
      },
    )
    .map((parts) => parts.join('')),
  fc.stringMatching(/^#?-?[0-9]{14,16}$/),
  fc.string({ unit: 'binary' }),
)
const name = text.filter((one) => one !== '')
const integer = fc.oneof(
  fc.integer(),
  fc.constantFrom(
    ...[QUEUE_KEYS.min, QUEUE_KEYS.first, QUEUE_KEYS.max].flatMap((at) => [at - 1, at, at + 1, -at]),
  ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
)
const key: fc.Arbitrary<Key> = fc.oneof(
  text,
  integer,
  fc.double(),
  fc.constantFrom<Key>(null, true, false),
  fc.uint8Array({ maxLength: 6 }),
  fc.date({ noInvalidDate: true }),
  fc.array(fc.oneof(text, integer, fc.array(text)), { maxLength: 3 }),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), text, { maxKeys: 3 }),
)

test('NamespaceKeys reads well where it can', () => {
  const users = whole.nested('users')
  const texts = ['id:1', '', 42, -1, 0.5, 500_000_000_000_000, '#1', Buffer.from('a')].map((key) =>
    users.encode(key),
  )
  expect(texts).toEqual([
    ...['users:id:1', 'users:', 'users:#i42', 'users:#i-1', 'users:#d0.5'],
    ...['users:#-500000000000000', 'users:#s#1', 'users:#b61'],
  ])
  expect(users.nested('a:b').encode('c')).toBe('users:a%003ab:c')
})

test('NamespaceKeys.decode() gives what encode() was given', () => {
  const property = fc.property(name, key, (name, key) => {
    const keys = whole.nested(name)
    const encoded = keys.encode(key)
    expect(encoded.isWellFormed()).toBe(true)
    expect(encoded.startsWith(keys.prefix)).toBe(true)
    expect(identity(keys.decode(encoded))).toBe(identity(key))
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('NamespaceKeys.encode() never gives two keys one string, whatever their namespaces', () => {
  const place = fc.tuple(name, key)
  const property = fc.property(place, place, ([name, key], [otherName, otherKey]) => {
    const [text, otherText] = [whole.nested(name).encode(key), whole.nested(otherName).encode(otherKey)]
    const isSame = name === otherName && identity(key) === identity(otherKey)
    expect(text === otherText).toBe(isSame)
    if (name !== otherName) expect(text.startsWith(whole.nested(otherName).prefix)).toBe(false)
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('NamespaceKeys.withPrefix() begins the strings of those keys that are strings with the prefix', () => {
  const property = fc.property(name, text, fc.oneof(key, text), (name, prefix, key) => {
    fc.pre(prefix !== '' && prefix.isWellFormed() && !(typeof key === 'string' && !key.isWellFormed()))
    const keys = whole.nested(name)
    const isMeant = typeof key === 'string' && key.startsWith(prefix)
    expect(keys.encode(key).startsWith(keys.withPrefix(prefix))).toBe(isMeant)
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('NamespaceKeys.queuePrefix() is that of the items of a queue without prefix, and of no other key', () => {
  const keys = whole.nested('users')
  const item = `${keys.queuePrefix(undefined)}-`
  const property = fc.property(fc.oneof(key, integer), (key) => {
    const isItem = (typeof key === 'number' || typeof key === 'bigint') && isQueueKey(key)
    const text = keys.encode(key)
    expect(text.startsWith(item)).toBe(isItem)
    if (isItem) expect(text).toBe(item + key)
  })
  fc.assert(property, { numRuns: 2_000 })
})

test('NamespaceKeys.decode() passes over strings that are no keys', () => {
  const keys = whole.nested('users')
  const wrong = [
    '',
    'x',
    'i',
    'i007',
    'i-0',
    'd1',
    'dx',
    's',
    'sa',
    'bz',
    'c',
    'c00ff',
    '-1',
    '-000000000000001',
  ]
  for (const marked of wrong) expect(keys.decode(`users:#${marked}`), marked).toBeUndefined()
})

/** A text that is equal for equal keys only. */
function identity(key: unknown): string {
  return encodeCanonicalKey(key).toString('latin1')
}

function isQueueKey(key: number | bigint): boolean {
  return Number.isInteger(Number(key)) && key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max
}
