import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { whatIsThere } from './what-is-there.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'what-is-there-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function file(path: string): string {
  const whole = join(root, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, '')
  return whole
}

test('whatIsThere() is nothing for a cache, and for one of several shards', () => {
  file('one/cache.db')
  file('many/000/cache.db')
  expect(whatIsThere(join(root, 'one'))).toBeUndefined()
  expect(whatIsThere(join(root, 'many'))).toBeUndefined()
})

test('whatIsThere() names the caches in a directory, and beside what is not there', () => {
  file('caches/a/cache.db')
  file('caches/b/cache.db')
  const [a, b] = [join(root, 'caches/a'), join(root, 'caches/b')]
  expect(whatIsThere(join(root, 'caches'))).toContain(`has some: "${a}", "${b}"`)
  expect(whatIsThere(join(root, 'caches/c'))).toContain(`caches beside it: "${a}", "${b}"`)
  expect(whatIsThere(root)).toContain(`has some: "${a}", "${b}"`)
})

test('whatIsThere() tells of a file whose cache it is', () => {
  const path = file('one/cache.db')
  expect(whatIsThere(path)).toContain(`its cache is the directory "${join(root, 'one')}"`)
  expect(whatIsThere(file('one/ab/cd/value.val'))).toContain(
    `its cache is the directory "${join(root, 'one')}"`,
  )
  expect(whatIsThere(file('elsewhere/notes.txt'))).toContain('give the directory of a cache')
})

test('whatIsThere() tells of an empty directory, and of one with other things', () => {
  mkdirSync(join(root, 'empty'))
  file('photos/1.jpg')
  expect(whatIsThere(join(root, 'empty'))).toContain('is an empty directory')
  expect(whatIsThere(join(root, 'photos'))).toContain('has no cache.db, but "1.jpg"')
  expect(whatIsThere(join(root, 'nothing/here'))).toContain('there is no')
  mkdirSync(join(root, 'odd/cache.db'), { recursive: true })
  expect(whatIsThere(join(root, 'odd'))).toContain('its "cache.db" is not a file')
})
