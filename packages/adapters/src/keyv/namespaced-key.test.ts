import { NamespaceScope } from '@diskcache/core'
import { expect, test } from 'vitest'
import { keyvKeys } from './namespaced-key.ts'

test('keyvKeys() are those of a namespace within the namespace of Keyv', () => {
  for (const name of ['users', 'a:b', '%', '#', '\ud800']) {
    const { keys } = NamespaceScope.of('keyv').nested(name)
    expect(keyvKeys(name).encode('id:1')).toBe(keys.encode('id:1'))
  }
  expect(keyvKeys('users').encode('id:1')).toBe('keyv:users:id:1')
  expect([keyvKeys().encode('id:1'), keyvKeys('').encode('id:1')]).toEqual(['keyv::id:1', 'keyv::id:1'])
})
