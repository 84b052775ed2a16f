import { closeSync, constants, existsSync, fstatSync, mkdirSync } from 'node:fs'
import { chmod, copyFile, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../../contract/file-error.ts'
import { syncDirectoryAsync } from '../files/file-sync.ts'
import { ValueFiles } from '../files/value-files.ts'
import { forEachOf } from './in-turns.ts'

/** On Linux, a file that is open has a name here, also when it has lost its own, and no link can take its place. */
const OPEN_FILES = '/proc/self/fd'

const CLONE = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE

const OWN_FILE = 0o600
const OWN_DIRECTORY = 0o700

/** The value files of a store, in its copy. A file is written once, so that one that is there is as it should be. */
export class FileCopies {
  readonly #source: ValueFiles
  readonly #sourceRoot: string
  readonly #root: string
  readonly #names = new Set<string>()
  readonly #directories = new Set<string>()
  readonly #hasOpenFiles = existsSync(OPEN_FILES)

  /** Copies from the directory `source`, a real path, to `target`. */
  constructor(source: string, target: string) {
    this.#source = new ValueFiles(source, { readonly: true })
    this.#sourceRoot = source
    this.#root = target
  }

  /** The names of the files that are there. */
  get names(): ReadonlySet<string> {
    return this.#names
  }

  /**
   * Copies a file, where the file system can by sharing its blocks, and resolves to its bytes; to `undefined` when it has
   * gone, or is no file.
   */
  async add(filename: string): Promise<number | undefined> {
    const descriptor = this.#source.open(filename)
    if (descriptor === undefined) return undefined
    const target = join(this.#root, filename)
    try {
      this.#makeDirectory(dirname(target))
      const from = this.#hasOpenFiles
        ? join(OPEN_FILES, String(descriptor))
        : join(this.#sourceRoot, filename)
      await copyFile(from, target, CLONE)
      const { mode, size } = fstatSync(descriptor)
      if ((mode & 0o777) !== OWN_FILE) await chmod(target, OWN_FILE)
      this.#names.add(filename)
      return size
    } catch (error) {
      if (isGone(error) && !this.#hasOpenFiles) return undefined
      throw fileError(error, 'copy', join(this.#sourceRoot, filename))
    } finally {
      closeSync(descriptor)
    }
  }

  /** Removes files. */
  async remove(filenames: Iterable<string>, signal: AbortSignal | undefined): Promise<void> {
    const files = new ValueFiles(this.#root)
    await forEachOf(filenames, signal, async (filename) => {
      await rm(join(this.#root, filename), { force: true })
      files.removeEmptyDirectories(dirname(filename))
      this.#names.delete(filename)
    })
  }

  /** Waits until all files and their names are on the disk; `steps` is told how many of them are. */
  async sync(signal: AbortSignal | undefined, steps: (done: number, total: number) => void): Promise<void> {
    const files = [...this.#names, 'cache.db']
    let done = 0
    await forEachOf(files, signal, async (filename) => {
      await syncFile(join(this.#root, filename))
      steps(++done, files.length)
    })
    const directories = [...this.#names].flatMap((name) => [dirname(name), dirname(dirname(name))])
    for (const directory of new Set([...directories, '.']))
      await syncDirectoryAsync(join(this.#root, directory))
  }

  #makeDirectory(path: string): void {
    if (this.#directories.has(path)) return
    mkdirSync(path, { recursive: true, mode: OWN_DIRECTORY })
    this.#directories.add(path)
  }
}

async function syncFile(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileError(error, 'sync', path)
  }
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
