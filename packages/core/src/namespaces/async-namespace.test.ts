import { expect, test } from 'vitest'
import { breakerOf } from '../breaker/store-breaker.ts'
import type { AsyncStore } from '../contract/async-store.ts'
import { EXPECT_ABSENT } from '../contract/hooks/expect-absent.ts'
import { STORE_FILES } from '../contract/hooks/store-files.ts'
import { perStore } from '../stores/per-store.ts'
import { nameOf, recipeStore } from '../stores/recipe-store.ts'
import { AsyncNamespace } from './async-namespace.ts'
import { NamespaceScope } from './namespace-scope.ts'

/** What a namespace asks of the whole beside its operations. */
function wholeThatNotes() {
  const asked: unknown[] = []
  const whole = {
    update: () => {},
    [STORE_FILES]: {
      look: (key: unknown) => asked.push(['look', key]),
      onReplaced: (key: unknown) => asked.push(['onReplaced', key]),
    },
    [EXPECT_ABSENT]: (key: unknown) => asked.push(['absent', key]),
  } as unknown as AsyncStore
  const open = (name: string, ttl?: number) => new AsyncNamespace(whole, NamespaceScope.of(name, { ttl }))
  return { asked, whole, open }
}

test('perStore() makes one thing for all objects of a namespace, whatever their options', () => {
  const { whole, open } = wholeThatNotes()
  const thingOf = perStore(() => ({}))
  expect(thingOf(open('a'))).toBe(thingOf(open('a', 1_000)))
  const nested = [open('a').namespace('b'), open('a', 1_000).namespace('b')] as const
  expect(thingOf(nested[0])).toBe(thingOf(nested[1]))
  const different = [whole, open('a'), open('b'), nested[0], open('a:b')].map(thingOf)
  expect(new Set(different).size).toBe(different.length)
})

test('breakerOf() gives that of the whole for all its namespaces', () => {
  const { whole, open } = wholeThatNotes()
  const breaker = breakerOf(open('a'))
  expect([breakerOf(open('b')), breakerOf(open('a').namespace('b')), breakerOf(whole)]).toEqual([
    breaker,
    breaker,
    breaker,
  ])
  expect(breakerOf(whole)).toBe(breaker)
})

test('nameOf() tells the directory of the whole, once any namespace of it was given', () => {
  const { whole, open } = wholeThatNotes()
  recipeStore({ promises: open('a'), directory: '/directory' } as never)
  expect([nameOf(open('b')), nameOf(whole)]).toEqual(['/directory', '/directory'])
})

test('AsyncNamespace maps the keys of what recipes ask for beside the operations', () => {
  const { asked, open } = wholeThatNotes()
  const namespace = open('a')
  namespace[STORE_FILES]?.look('k')
  namespace[STORE_FILES]?.onReplaced(7, () => {})
  namespace[EXPECT_ABSENT]('k')
  expect(asked).toEqual([
    ['look', 'a:k'],
    ['onReplaced', 'a:#i7'],
    ['absent', 'a:k'],
  ])
})

test('AsyncNamespace has waitFor() and changeCount() only where the whole has them', () => {
  const without = wholeThatNotes().open('a')
  expect(['waitFor' in without, 'changeCount' in without]).toEqual([false, false])
  const whole = { waitFor: async () => {}, changeCount: () => 7 } as unknown as AsyncStore
  const namespace = new AsyncNamespace(whole, NamespaceScope.of('a'))
  expect([namespace.changeCount?.(), typeof namespace.waitFor]).toEqual([7, 'function'])
})
