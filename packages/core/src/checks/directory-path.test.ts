import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { directoryPath, isPath } from './directory-path.ts'

test('directoryPath() gives the path as fs takes it', () => {
  expect(directoryPath(pathToFileURL('/tmp/ü b'))).toBe('/tmp/ü b')
  expect(directoryPath(Buffer.from('/tmp/ü'))).toBe('/tmp/ü')
  for (const path of ['a', Buffer.from('a'), pathToFileURL('a')]) expect(isPath(path)).toBe(true)
  for (const other of [null, {}, () => {}]) expect(isPath(other)).toBe(false)
})

test.each([
  ['', RangeError],
  [Buffer.alloc(0), RangeError],
  [Buffer.of(0x2f, 0xff), RangeError],
  [new URL('http://localhost/tmp'), TypeError],
  [{ href: 'file:///tmp' }, TypeError],
  [1, TypeError],
  [null, TypeError],
])('directoryPath() refuses %o', (path, type) => {
  expect(() => directoryPath(path)).toThrow(type)
  expect(() => directoryPath(path)).toThrow(/^Cannot use directory/)
})
