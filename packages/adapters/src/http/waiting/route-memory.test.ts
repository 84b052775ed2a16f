import { FakeClock } from '@diskcache/testkit'
import { expect, test } from 'vitest'
import { RouteMemory } from './route-memory.ts'

const target = (path: string) => ({ scheme: 'http', host: 'example.com', path })

test.for([
  ['/poll', '/poll?since=5', true],
  ['/item/1', '/item/2?x', true],
  ['/user/77/feed', '/user/78/feed', true],
  ['/user/77/feed', '/user/78/page', false],
  ['/item/lamp', '/item/chair', false],
  ['/', '/other', false],
] as const)('RouteMemory.isUnshared() after %s for %s: %o', ([known, asked, isUnshared]) => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target(known))
  expect(routes.isUnshared(target(asked))).toBe(isUnshared)
  expect(routes.isUnshared({ ...target(asked), host: 'other.example' })).toBe(false)
})

test('RouteMemory.noteUnshared() means nothing for a route with shared answers', () => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target('/item/1'))
  routes.noteShared(target('/item/2'))
  routes.noteUnshared(target('/item/3'))
  expect(routes.isUnshared(target('/item/4'))).toBe(false)
})

test('RouteMemory.isUnshared() forgets after ten minutes without an answer', () => {
  const clock = new FakeClock()
  const routes = new RouteMemory(clock.now)
  routes.noteUnshared(target('/poll'))
  clock.advance(599_000)
  expect(routes.isUnshared(target('/poll'))).toBe(true)
  clock.advance(2_000)
  expect(routes.isUnshared(target('/poll'))).toBe(false)
})

test('RouteMemory.noteUnshared() keeps ten thousand routes, and none that is long', () => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target('/first'))
  routes.noteUnshared(target(`/${'x'.repeat(600)}`))
  const name = (at: number) => `/${at.toString(2).replaceAll('0', 'o').replaceAll('1', 'i')}`
  for (let at = 0; at < 10_000; at++) routes.noteUnshared(target(name(at)))
  expect(routes.isUnshared(target('/first'))).toBe(false)
  expect(routes.isUnshared(target(name(9_999)))).toBe(true)
  expect(routes.isUnshared(target(`/${'x'.repeat(600)}`))).toBe(false)
})
