import fs, {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ValueFiles } from './value-files.ts'

/** The paths that were synced, marked where the event loop went on meanwhile. */
const syncs: string[] = []
let willFail = false

/** Lets the next sync fail. */
function failSync(): void {
  willFail = true
}

function noteSync(descriptor: number, mark: string): void {
  if (willFail) {
    willFail = false
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' })
  }
  syncs.push(readlinkSync(`/proc/self/fd/${descriptor}`) + mark)
}

/** Notes every sync from now on. */
function noteSyncs(): void {
  const { fsyncSync } = fs
  vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
    noteSync(descriptor, '')
    fsyncSync(descriptor)
  })
  const { open } = fs.promises
  vi.spyOn(fs.promises, 'open').mockImplementation(async (...parameters) => {
    const handle = await open(...parameters)
    const sync = handle.sync.bind(handle)
    handle.sync = async () => {
      noteSync(handle.fd, ' later')
      await sync()
    }
    return handle
  })
  syncBuiltinESMExports()
}

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
  test('throws when a file that was written is gone before an entry could name it', () => {
    const filename = files.write('content')
    files.assertWritten(filename, 7)
    const refused = expect.objectContaining({
      code: 'ERR_DISKCACHE_IO',
      path: join(root, filename),
      message: expect.stringMatching(/15 minutes; write it again/),
    })
    expect(() => files.assertWritten(filename, 8)).toThrow(refused)
    files.remove(filename)
    expect(() => files.assertWritten(filename, 7)).toThrow(refused)
  })

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

describe.skipIf(process.platform !== 'linux')(
  'ValueFiles.isDurable (on Linux, which tells what a descriptor is)',
  () => {
    beforeEach(noteSyncs)
    afterEach(() => {
      vi.restoreAllMocks()
      syncBuiltinESMExports()
    })

    const synced = () => syncs.splice(0).map((path) => path.replace(root, '').replace(/^( |$)/, '/$1'))

    test('syncs a file, its directory, and for the first file in it also those above', () => {
      files.isDurable = true
      const first = files.write('x')
      const [, xx, yy] = /^(..).(..)/.exec(first) ?? []
      expect(synced()).toEqual([`/${first}`, `/${xx}/${yy}`, `/${xx}`, '/'])
      const second = files.write('x')
      expect(synced()).toEqual([`/${second}`, `/${xx}/${yy}`])
      files.remove(first)
      files.remove(second)
      const third = files.write('x')
      expect(synced()).toEqual([`/${third}`, `/${xx}/${yy}`, `/${xx}`, '/'])
    })

    test('syncs in the same way without blocking the event loop', async () => {
      files.isDurable = true
      const first = await files.writeAsync('x')
      const [, xx, yy] = /^(..).(..)/.exec(first) ?? []
      expect(synced()).toEqual([`/${first}`, `/${xx}/${yy}`, `/${xx}`, '/'].map((path) => `${path} later`))
      const { filename, handle } = await files.create()
      await files.complete(filename, handle)
      expect(synced()).toEqual([`/${filename} later`, `/${xx}/${yy} later`])
    })

    test('removes a file that cannot be synced', async () => {
      files.isDurable = true
      failSync()
      expect(() => files.write('x')).toThrow(expect.objectContaining({ code: 'ERR_DISKCACHE_IO' }))
      failSync()
      await expect(files.writeAsync('x')).rejects.toMatchObject({ code: 'ERR_DISKCACHE_IO' })
      expect(readdirSync(root)).toEqual([])
    })

    test('syncs nothing unless every commit is to survive a power failure', async () => {
      files.write('x')
      await files.writeAsync('x')
      expect(synced()).toEqual([])
    })
  },
)
