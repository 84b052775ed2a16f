import { FakeClock } from '@diskcache/testkit'
import { expect, test } from 'vitest'
import type { Target } from '../rules/target/target.ts'
import { RouteMemory } from './route-memory.ts'

const target = (path: string) => ({ scheme: 'http', host: 'example.com', path })

function isUnshared(routes: RouteMemory, target: Target): boolean {
  return routes.unshared(target) !== undefined
}

test.for([
  ['/poll', '/poll?since=5', true],
  ['/item/1', '/item/2?x', true],
  ['/user/77/feed', '/user/78/feed', true],
  ['/user/77/feed', '/user/78/page', false],
  ['/item/lamp', '/item/chair', false],
  ['/', '/other', false],
] as const)('RouteMemory.unshared() after %s for %s: %o', ([known, asked, expected]) => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target(known), 'no-store')
  expect(isUnshared(routes, target(asked))).toBe(expected)
  expect(isUnshared(routes, { ...target(asked), host: 'other.example' })).toBe(false)
})

test('RouteMemory.noteUnshared() means nothing for a route with shared answers', () => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target('/item/1'), 'no-store')
  routes.noteShared(target('/item/2'))
  routes.noteUnshared(target('/item/3'), 'no-store')
  expect(isUnshared(routes, target('/item/4'))).toBe(false)
})

test('RouteMemory.unshared() forgets after ten minutes without an answer', () => {
  const clock = new FakeClock()
  const routes = new RouteMemory(clock.now)
  routes.noteUnshared(target('/poll'), 'no-store')
  clock.advance(599_000)
  expect(isUnshared(routes, target('/poll'))).toBe(true)
  clock.advance(2_000)
  expect(isUnshared(routes, target('/poll'))).toBe(false)
})

test('RouteMemory.noteUnshared() keeps ten thousand routes, and none that is long', () => {
  const routes = new RouteMemory(() => 0)
  routes.noteUnshared(target('/first'), 'no-store')
  routes.noteUnshared(target(`/${'x'.repeat(600)}`), 'no-store')
  const name = (at: number) => `/${at.toString(2).replaceAll('0', 'o').replaceAll('1', 'i')}`
  for (let at = 0; at < 10_000; at++) routes.noteUnshared(target(name(at)), 'no-store')
  expect(isUnshared(routes, target('/first'))).toBe(false)
  expect(isUnshared(routes, target(name(9_999)))).toBe(true)
  expect(isUnshared(routes, target(`/${'x'.repeat(600)}`))).toBe(false)
})

test('RouteMemory.unshared() lets all answers be looked at until eight were not storable, then some', () => {
  let random = 0.5
  const clock = new FakeClock()
  const routes = new RouteMemory(clock.now, () => random)
  for (let count = 0; count < 8; count++) {
    routes.noteUnshared(target('/poll'), 'private')
    expect(routes.unshared(target('/poll'))).toEqual({ refusal: 'private', isWatched: count < 7 })
  }
  random = 0.02
  clock.advance(100)
  expect(routes.unshared(target('/poll'))).toEqual({ refusal: 'private', isWatched: true })
})

test('RouteMemory.unshared() lets no answers be looked at for a while after one was', () => {
  const clock = new FakeClock()
  const routes = new RouteMemory(clock.now, () => 0)
  for (let count = 0; count < 9; count++) routes.noteUnshared(target('/poll'), 'private')
  const isWatched = () => routes.unshared(target('/poll'))?.isWatched
  clock.advance(99)
  expect(isWatched()).toBe(false)
  clock.advance(1)
  expect(isWatched()).toBe(true)
  routes.noteUnshared(target('/poll'), 'private')
  expect(isWatched()).toBe(false)
  clock.advance(-60_000)
  expect(isWatched()).toBe(true)
})
