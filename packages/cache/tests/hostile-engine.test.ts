import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BETTER_SQLITE3 } from './hostile/raw-database.ts'

const CACHE = fileURLToPath(new URL('..', import.meta.url))
const CORE = realpathSync(join(CACHE, 'node_modules', '@diskcache', 'core'))

const PROGRAM = fileURLToPath(new URL('./hostile/two-copies.ts', import.meta.url))
const THREADS = fileURLToPath(new URL('./hostile/two-threads.ts', import.meta.url))

/** A second installation of the packages, with a copy of better-sqlite3 of its own or with a link to the first. */
function install(root: string, sqlite: 'copy' | 'link'): string {
  const modules = join(root, 'node_modules')
  for (const [name, path] of Object.entries({ cache: CACHE, core: CORE })) {
    const target = join(modules, '@diskcache', name)
    cpSync(join(path, 'dist'), join(target, 'dist'), { recursive: true })
    cpSync(join(path, 'package.json'), join(target, 'package.json'))
  }
  symlinkSync(realpathSync(join(CORE, 'node_modules', 'lru-cache')), join(modules, 'lru-cache'))
  const target = join(modules, 'better-sqlite3')
  if (sqlite === 'link') symlinkSync(realpathSync(BETTER_SQLITE3), target)
  else {
    for (const part of ['lib', 'prebuilds', 'package.json'])
      cpSync(join(realpathSync(BETTER_SQLITE3), part), join(target, part), { recursive: true })
  }
  return join(modules, '@diskcache', 'cache', 'dist', 'index.js')
}

describe('new Cache() in one process through', () => {
  let root: string

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'diskcache-engine-'))
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  function open(name: string, packages: readonly string[], program = PROGRAM): unknown {
    const directory = join(root, `cache-${name}`)
    const output = execFileSync(process.execPath, [program, directory, ...packages], { timeout: 10_000 })
    return JSON.parse(output.toString())
  }

  const first = join(CACHE, 'dist', 'index.js')
  const works = [1, 2]

  test('two copies of better-sqlite3 is refused with an explanation while the other has it open', () => {
    mkdirSync(join(root, 'copy'))
    const second = install(join(root, 'copy'), 'copy')
    const message = expect.stringMatching(/another copy of better-sqlite3.*npm dedupe/)
    const refused = { code: 'ERR_DISKCACHE_ENGINE', message }
    expect(open('copy', [first, second])).toEqual({ whileOpen: refused, afterClosing: works })
    expect(open('reverse', [second, first])).toEqual({ whileOpen: refused, afterClosing: works })
  })

  test.skipIf(process.platform === 'win32')(
    'two copies of better-sqlite3 in two threads is refused, too',
    () => {
      mkdirSync(join(root, 'thread'))
      const second = install(join(root, 'thread'), 'copy')
      const message = expect.stringMatching(/another copy of better-sqlite3.*npm dedupe/)
      const refused = { code: 'ERR_DISKCACHE_ENGINE', message }
      expect(open('thread', [first, second], THREADS)).toEqual({ whileOpen: refused, afterClosing: 2 })
      expect(open('back', [second, first], THREADS)).toEqual({ whileOpen: refused, afterClosing: 2 })
    },
  )

  test('one copy in two threads works', () => {
    expect(open('threads', [first, first], THREADS)).toEqual({ whileOpen: 1, afterClosing: 2 })
  })

  test('two copies of the package with one better-sqlite3 works', () => {
    mkdirSync(join(root, 'link'))
    const second = install(join(root, 'link'), 'link')
    expect(open('link', [first, second])).toEqual({ whileOpen: works, afterClosing: works })
  })

  test('the ESM and the CommonJS build works', () => {
    const second = join(CACHE, 'dist', 'index.cjs')
    expect(open('builds', [first, second])).toEqual({ whileOpen: works, afterClosing: works })
  })

  test('one copy twice works', () => {
    expect(open('same', [first, first])).toEqual({ whileOpen: works, afterClosing: works })
  })
})
