import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ValueFiles } from './value-files.ts'

let root: string
let outside: string
let files: ValueFiles

beforeEach(() => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'diskcache-test-')))
  root = join(directory, 'cache')
  outside = join(directory, 'outside')
  mkdirSync(root)
  mkdirSync(outside)
  files = new ValueFiles(root)
})

afterEach(() => rmSync(dirname(root), { recursive: true }))

describe('ValueFiles', () => {
  test('writes, reads and removes a file, and its directories with it', () => {
    const filename = files.write('text \r\n')
    expect(filename).toMatch(/^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{28}\.val$/)
    expect(files.read(filename, 7)?.toString()).toBe('text \r\n')
    files.remove(filename)
    files.remove(filename)
    expect(files.read(filename, 7)).toBeUndefined()
    expect(readdirSync(root)).toEqual([])
  })

  test('does not read a file of another length', () => {
    const filename = files.write(Buffer.alloc(10))
    truncateSync(join(root, filename), 9)
    expect(files.read(filename, 10)).toBeUndefined()
    expect(files.read(filename, 11)).toBeUndefined()
    expect(files.read(filename, -1)).toBeUndefined()
  })

  test('leaves nothing behind when a write fails', () => {
    expect(() => files.write({ byteLength: 3 } as Uint8Array)).toThrow(TypeError)
    expect(readdirSync(root)).toEqual([])
  })

  test('lists only names of its own form', () => {
    const filename = files.write('x')
    writeFileSync(join(root, dirname(filename), 'mine.val'), '')
    mkdirSync(join(root, 'other'))
    expect([...files.directories()]).toEqual([dirname(filename)])
    expect(files.filenames(dirname(filename))).toEqual([filename])
  })

  test.each([
    '../outside/secret',
    '/etc/passwd',
    'aa/bb/../../../outside/secret',
    `aa/bb/${'c'.repeat(28)}.val\0`,
    'cache.db',
  ])('touches nothing under the name %o', (filename) => {
    writeFileSync(join(outside, 'secret'), 'secret')
    expect(files.read(filename, 6)).toBeUndefined()
    expect(files.status(filename)).toBeUndefined()
    files.remove(filename)
    expect(existsSync(join(outside, 'secret'))).toBe(true)
  })

  test('follows no link, neither of a file nor of a directory', () => {
    const name = `${'c'.repeat(28)}.val`
    writeFileSync(join(outside, name), 'secret')
    mkdirSync(join(root, 'aa', 'bb'), { recursive: true })
    symlinkSync(join(outside, name), join(root, 'aa', 'bb', name))
    symlinkSync(outside, join(root, 'aa', 'dd'))
    for (const filename of [`aa/bb/${name}`, `aa/dd/${name}`]) {
      expect(files.read(filename, 6)).toBeUndefined()
      expect(files.status(filename)).toBeUndefined()
      files.remove(filename)
    }
    expect(existsSync(join(outside, name))).toBe(true)
  })

  test('opens a file for as long as the reader wants it', () => {
    const filename = files.write('content')
    const descriptor = files.open(filename, 7)
    files.remove(filename)
    expect(descriptor).toBeTypeOf('number')
    closeSync(descriptor as number)
  })
})

describe('ValueFiles, when the operating system fails', () => {
  test('gives errors of the operating system a code and the path, and leaves nothing behind', async () => {
    files = new ValueFiles(join(root, 'n'.repeat(300)))
    const failure = expect.objectContaining({
      code: 'ERR_DISKCACHE_IO',
      path: expect.stringContaining('nnn'),
      cause: expect.objectContaining({ code: 'ENAMETOOLONG' }),
    })
    const name = `aa/bb/${'c'.repeat(28)}.val`
    expect(() => files.write('x')).toThrow(failure)
    await expect(files.writeAsync('x')).rejects.toThrow(failure)
    await expect(files.create()).rejects.toThrow(failure)
    expect(() => files.read(name, 1)).toThrow(failure)
    expect(() => files.status(name)).toThrow(failure)
    expect(() => files.remove(name)).not.toThrow()
    await expect(files.readOpen(name, 1_000_000, 1)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_DISKCACHE_IO' }),
    )
  })
})
