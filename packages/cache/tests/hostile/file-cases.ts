import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What stands in the file outside, which nobody may read. */
export const SECRET = 'the secret of somebody else'

export interface FileCase {
  readonly what: string
  /** Prepares the file system, and gives the column `filename`. */
  make(directory: string, outside: string): unknown
}

/** A name of our form. */
export const NAME = `ab/cd/${'0'.repeat(28)}.val`

function makeFile(path: string, content = SECRET): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** Files whose row says the length of the secret, except where the length is the matter. */
export const FILE_CASES: readonly FileCase[] = [
  { what: 'an absolute path', make: (_, outside) => join(outside, 'precious') },
  { what: 'a path with ..', make: () => '../outside/precious' },
  { what: 'a path with .. behind a directory of ours', make: () => 'ab/cd/../../../outside/precious' },
  { what: 'the database', make: () => 'cache.db' },
  { what: 'an empty string', make: () => '' },
  { what: 'a NUL byte', make: () => `${NAME}\0` },
  { what: 'a NUL byte before ..', make: () => `${NAME}\0/../../../outside/precious` },
  { what: 'a newline at the end', make: () => `${NAME}\n` },
  { what: 'a blob', make: () => Buffer.from(NAME) },
  {
    what: 'a blob whose file is there',
    make: (directory) => {
      makeFile(join(directory, NAME))
      return Buffer.from(NAME)
    },
  },
  { what: 'an integer', make: () => 5n },
  { what: 'a missing file', make: () => NAME },
  {
    what: 'a link to a file outside',
    make: (directory, outside) => {
      mkdirSync(join(directory, dirname(NAME)), { recursive: true })
      symlinkSync(join(outside, 'precious'), join(directory, NAME))
      return NAME
    },
  },
  {
    what: 'a link to itself',
    make: (directory) => {
      mkdirSync(join(directory, dirname(NAME)), { recursive: true })
      symlinkSync(join(directory, NAME), join(directory, NAME))
      return NAME
    },
  },
  {
    what: 'a first directory that is a link',
    make: (directory, outside) => {
      makeFile(join(outside, NAME))
      symlinkSync(join(outside, 'ab'), join(directory, 'ab'))
      return NAME
    },
  },
  {
    what: 'a second directory that is a link',
    make: (directory, outside) => {
      makeFile(join(outside, NAME))
      mkdirSync(join(directory, 'ab'))
      symlinkSync(join(outside, 'ab', 'cd'), join(directory, 'ab', 'cd'))
      return NAME
    },
  },
  {
    what: 'a first directory that is a file',
    make: (directory) => {
      writeFileSync(join(directory, 'ab'), SECRET)
      return NAME
    },
  },
  {
    what: 'a pipe',
    make: (directory) => {
      mkdirSync(join(directory, dirname(NAME)), { recursive: true })
      spawnSync('mkfifo', [join(directory, NAME)])
      return NAME
    },
  },
  {
    what: 'a directory',
    make: (directory) => {
      mkdirSync(join(directory, NAME), { recursive: true })
      return NAME
    },
  },
  {
    what: 'a file that is too short',
    make: (directory) => {
      makeFile(join(directory, NAME), SECRET.slice(1))
      return NAME
    },
  },
  {
    what: 'a file that is too long',
    make: (directory) => {
      makeFile(join(directory, NAME), `${SECRET}!`)
      return NAME
    },
  },
  {
    what: 'a name in upper case',
    make: (directory) => {
      makeFile(join(directory, NAME.toUpperCase()))
      return NAME.toUpperCase()
    },
  },
]
