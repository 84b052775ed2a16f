import { readFileSync } from 'node:fs'
import { MemoryStore } from '@diskcache/testkit/memory'
import { expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import * as whole from '../index.ts'
import * as edge from './edge-handlers.ts'

test('the door for the edge runtime has all that the other has, with the same methods, and imports nothing', () => {
  expect(Object.keys(edge).sort()).toEqual(Object.keys(whole).sort())
  const methodsOf = (value: object) => Object.getOwnPropertyNames(Object.getPrototypeOf(value)).sort()
  const functions = whole.createUseCacheHandler(new MemoryStore())
  expect(methodsOf(edge.createUseCacheHandler())).toEqual(methodsOf(functions))
  const { prototype } = Object.getPrototypeOf(whole.createCacheHandler(new MemoryStore()))
  const names = Object.getOwnPropertyNames(prototype).sort()
  expect(methodsOf(new (edge.createCacheHandler())())).toEqual(names)
  const text = readFileSync(new URL('./edge-handlers.ts', import.meta.url), 'utf8')
  expect(text).not.toMatch(/^import (?!type)|^export .* from|\bimport\(|\brequire\(/m)
})

test('the edge runtime gets its own door, before that of import', () => {
  const door = manifest.exports['./next']
  expect(Object.keys(door)[0]).toBe('edge-light')
  expect(door['edge-light'].import.default).toBe('./dist/next/edge.js')
})

test('handlers of the edge runtime keep nothing', async () => {
  const responses = new (edge.createCacheHandler())()
  await responses.set()
  await responses.revalidateTag()
  responses.resetRequestCache()
  expect(await responses.get()).toBeNull()
  const functions = edge.createUseCacheHandler()
  await functions.set()
  await functions.refreshTags()
  await functions.updateTags()
  expect(await functions.get()).toBeUndefined()
  expect(await functions.getExpiration()).toBe(Infinity)
})
