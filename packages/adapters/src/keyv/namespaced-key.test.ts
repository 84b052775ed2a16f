import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyInNamespace, namespacedKey, namespacePrefix } from './namespaced-key.ts'

/** Any UTF-16, mostly of what could be mistaken for something else. */
const text = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        'a',
        ':',
        '%',
        '*',
        '_',
        "'",
        '"',
        '\0',
        '\ud800',
        '\udc00',
        '\uffff',
        '%003a',
        '\u{10ffff}',
      ),
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
)

test('namespacedKey() reads well where it can', () => {
  expect(namespacedKey(namespacePrefix('users'), 'id:1')).toBe('keyv:users:id:1')
  expect(namespacedKey(namespacePrefix(), 'id:1')).toBe('keyv::id:1')
})

test('keyInNamespace() gives what namespacedKey() was given', () => {
  fc.assert(
    fc.property(text, text, (namespace, key) => {
      const prefix = namespacePrefix(namespace)
      const storeKey = namespacedKey(prefix, key)
      expect(storeKey.isWellFormed()).toBe(true)
      expect(storeKey.startsWith(prefix)).toBe(true)
      expect(keyInNamespace(prefix, storeKey)).toBe(key)
    }),
  )
})

test('namespacePrefix() of one namespace never begins a key of another', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, key) => {
      fc.pre(a !== b)
      expect(namespacedKey(namespacePrefix(a), key).startsWith(namespacePrefix(b))).toBe(false)
    }),
  )
})
