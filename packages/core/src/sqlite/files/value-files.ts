import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { DiskCacheError, readonlyError } from '../../contract/errors.ts'
import { fileError, withFileErrors } from '../../contract/file-error.ts'
import { BytesSum } from '../../hashing/bytes-sum.ts'
import { READ_FLAGS } from '../system/regular-file.ts'
import { syncDirectory, syncDirectoryAsync } from './file-sync.ts'
import { createFile, shareDirectory } from './shared-mode.ts'
import { isValueFilename, ValueFilenames } from './value-filename.ts'

const readAsync = promisify(read)

const DIRECTORY = /^[0-9a-f]{2}$/

/** The flag that refuses links. Windows has none: there, the status of a file is read before it is opened. */
const NO_FOLLOW = constants.O_NOFOLLOW as number | undefined

const PRIVATE_DIRECTORY = 0o700

/** The bytes that are read at a time for a checksum. */
const SUM_CHUNK_BYTES = 2 ** 20

/** The number of attempts to make a file: other processes may remove its new directory before the file is in it. */
const MAX_CREATE_ATTEMPTS = 10

/** What the file system says of a value file. */
export interface FileStatus {
  /** The length, in bytes. */
  readonly size: number
  /** The moment of the last change, in epoch milliseconds. */
  readonly modified: number
}

/**
 * The files of large values, under random names `xx/yy/<28 hex>.val` inside the cache directory, some hundred in a
 * subdirectory. A name from the database counts only if it has this form, and no part of its path may be a link.
 */
export class ValueFiles {
  readonly #root: string
  readonly #readonly: boolean
  readonly #filenames = new ValueFilenames()
  /**
   * Whether a file is on the disk, and not only on its way, when it has been written: it survives a power failure.
   */
  isDurable = false
  /** The permissions of the directory where a group shares it. */
  readonly mode: number | undefined
  /** The last directory `xx/yy` whose own name is on the disk. */
  #syncedDirectory: string | undefined

  /**
   * Takes the files below `root`, which must be a real path, free of links; with `readonly` none is written. `mode`: the
   * permissions of `root` where a group shares it.
   */
  constructor(
    root: string,
    { readonly = false, mode }: { readonly?: boolean; mode?: number | undefined } = {},
  ) {
    this.#root = root
    this.#readonly = readonly
    this.mode = mode
  }

  /**
   * Writes a new file and returns its name. Nothing is left when that fails.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FULL, ERR_DISKCACHE_IO
   */
  write(data: string | Uint8Array): string {
    const filename = this.#filenames.next()
    const descriptor = this.#create(filename)
    try {
      this.#fill(filename, descriptor, typeof data === 'string' ? Buffer.from(data, 'utf8') : data)
      if (this.isDurable) this.#syncDirectories(filename)
    } catch (error) {
      this.remove(filename)
      throw error
    }
    return filename
  }

  /** Writes a new file like {@link write}, without blocking the event loop. */
  async writeAsync(data: string | Uint8Array): Promise<string> {
    const { filename, handle } = await this.create()
    try {
      await handle.writeFile(data)
    } catch (error) {
      await handle.close().catch(() => {})
      this.remove(filename)
      throw fileError(error, 'write', this.#pathOf(filename))
    }
    await this.complete(filename, handle)
    return filename
  }

  /**
   * Makes a new file and resolves to its name and a handle, for a stream to write to; {@link complete} follows, or
   * the caller closes the handle and removes the file.
   */
  async create(): Promise<{ filename: string; handle: FileHandle }> {
    const filename = this.#filenames.next()
    const path = this.#pathOf(filename)
    const descriptor = this.#create(filename)
    try {
      withFileErrors('write', path, () => closeSync(descriptor))
      return { filename, handle: await open(path, constants.O_WRONLY | (NO_FOLLOW ?? 0)) }
    } catch (error) {
      this.remove(filename)
      throw fileError(error, 'write', path)
    }
  }

  /** Closes the handle of a file that is all written; removes the file when that fails. */
  async complete(filename: string, handle: FileHandle): Promise<void> {
    try {
      try {
        if (this.isDurable) await handle.sync()
      } finally {
        await handle.close()
      }
      if (this.isDurable) await this.#syncDirectoriesAsync(filename)
    } catch (error) {
      this.remove(filename)
      throw fileError(error, 'write', this.#pathOf(filename))
    }
  }

  /**
   * Returns the whole file, or `undefined` when it is missing, is no file of ours, or has another length than `size`.
   *
   * @throws DiskCacheError ERR_DISKCACHE_IO when it cannot be told, ERR_DISKCACHE_TOO_LARGE
   */
  read(filename: string, size: number): Buffer | undefined {
    const descriptor = this.open(filename, size)
    if (descriptor === undefined) return undefined
    try {
      return withFileErrors('read', this.#pathOf(filename), () => readAll(descriptor, size))
    } finally {
      closeRead(descriptor)
    }
  }

  /**
   * Reads a whole file like {@link read}, without blocking the event loop, from a descriptor of {@link open}, which
   * it closes.
   */
  async readOpen(filename: string, descriptor: number, size: number): Promise<Buffer | undefined> {
    try {
      return await readAllAsync(descriptor, size)
    } catch (error) {
      throw fileError(error, 'read', this.#pathOf(filename))
    } finally {
      closeRead(descriptor)
    }
  }

  /** Returns the checksum of a file, or `undefined` as {@link read} does. */
  sum(filename: string, size: number): number | undefined {
    const descriptor = this.open(filename, size)
    if (descriptor === undefined) return undefined
    try {
      return withFileErrors('read', this.#pathOf(filename), () => sumAll(descriptor))
    } finally {
      closeRead(descriptor)
    }
  }

  /**
   * Returns a descriptor for reading, which the caller closes, or `undefined` as {@link read} does; without `size`, the
   * file may have any length.
   */
  open(filename: string, size?: number): number | undefined {
    if (!this.#isInside(filename)) return undefined
    if (NO_FOLLOW === undefined && this.status(filename) === undefined) return undefined
    const path = this.#pathOf(filename)
    let descriptor: number | undefined
    try {
      descriptor = openSync(path, READ_FLAGS)
      const status = fstatSync(descriptor)
      if (status.isFile() && (size === undefined || status.size === size)) return descriptor
    } catch (error) {
      if (descriptor !== undefined) closeRead(descriptor)
      if (isMissing(error)) return undefined
      throw fileError(error, 'read', path)
    }
    closeRead(descriptor)
    return undefined
  }

  /** Returns the error of reading from a descriptor of {@link open} by other means, with its code and path. */
  readError(filename: string, error: unknown): unknown {
    return fileError(error, 'read', this.#pathOf(filename))
  }

  /** Returns the error of writing to a handle of {@link create}, with its code and path. */
  writeError(filename: string, error: unknown): unknown {
    return fileError(error, 'write', this.#pathOf(filename))
  }

  /**
   * Removes a file, and its directories when they are empty. It never throws: a file that cannot be removed becomes
   * an orphan, which a later sweep collects.
   */
  remove(filename: string): void {
    try {
      if (!this.#isInside(filename)) return
      unlinkSync(this.#pathOf(filename))
    } catch {
      // The directories may be empty all the same.
    }
    this.removeEmptyDirectories(dirname(filename))
  }

  /** Removes `xx/yy` and then `xx`, as far as they are empty. */
  removeEmptyDirectories(directory: string): void {
    try {
      for (let path = directory; path !== '.'; path = dirname(path)) rmdirSync(join(this.#root, path))
    } catch {
      // The directory is not empty, or another process was faster.
    }
  }

  /** Returns the length and age of a file, or `undefined` when there is no such regular file of ours. */
  status(filename: string): FileStatus | undefined {
    if (!this.#isInside(filename)) return undefined
    const status = this.#look(filename)
    return status?.isFile() ? { size: status.size, modified: status.mtimeMs } : undefined
  }

  /**
   * Throws unless a file is still as it was written. A process that slept for long between the two may find that
   * another one has taken its file, which had no row, for an orphan. To be called with the lock, which sweeps take, too.
   *
   * @throws DiskCacheError ERR_DISKCACHE_IO
   */
  assertWritten(filename: string, size: number): void {
    if (this.status(filename)?.size === size) return
    const path = this.#pathOf(filename)
    const message = `Cannot store the value: its file ${path} was removed before the entry could name it, as files without an entry are after 15 minutes; write it again`
    throw new DiskCacheError('ERR_DISKCACHE_IO', message, { path })
  }

  /** Iterates over the directories `xx/yy`, beginning at a random one, so that many short runs reach all of them. */
  *directories(): Generator<string> {
    const names = this.#subdirectories('.')
    const start = Math.floor(Math.random() * names.length)
    for (const first of [...names.slice(start), ...names.slice(0, start)]) {
      const second = this.#subdirectories(first)
      if (second.length === 0) yield first
      for (const name of second) yield `${first}/${name}`
    }
  }

  /** Returns the names of value files in one of {@link directories}. Other files are not ours to judge. */
  filenames(directory: string): string[] {
    return this.#list(directory)
      .map((entry) => `${directory}/${entry.name}`)
      .filter((filename) => isValueFilename(filename))
  }

  /**
   * Returns since when a directory is empty, in epoch milliseconds, or `undefined` when it is gone or has something
   * in it.
   */
  emptySince(directory: string): number | undefined {
    if (this.#list(directory).length > 0) return undefined
    return this.#look(directory)?.mtimeMs
  }

  #subdirectories(directory: string): string[] {
    return this.#list(directory)
      .filter((entry) => entry.isDirectory() && DIRECTORY.test(entry.name))
      .map((entry) => entry.name)
  }

  #list(directory: string) {
    try {
      return readdirSync(join(this.#root, directory), { withFileTypes: true })
    } catch {
      // The directory is gone, or cannot be read: there is nothing in it that could be judged.
      return []
    }
  }

  /**
   * Makes a new file and returns a descriptor. Other processes remove directories that they find empty, so making one
   * and using it may take several attempts.
   */
  #create(filename: string): number {
    if (this.#readonly) throw readonlyError()
    const path = this.#pathOf(filename)
    for (let attempt = 1; ; attempt++) {
      try {
        if (!this.#isInside(filename)) {
          throw new DiskCacheError(
            'ERR_DISKCACHE_FORMAT',
            `Cannot write ${filename}: its directory is a link`,
          )
        }
        // Mostly the directory is there, with the last file in it.
        if (attempt > 1) this.#makeDirectory(dirname(path))
        return createFile(path, this.mode)
      } catch (error) {
        if (this.#isPassing(error) && attempt < MAX_CREATE_ATTEMPTS) continue
        this.removeEmptyDirectories(dirname(filename))
        throw fileError(error, 'write', path)
      }
    }
  }

  /** Returns whether a file may be made at the next attempt: where a group shares a directory, it is opened to them a moment after it was made. */
  #isPassing(error: unknown): boolean {
    return isMissing(error) || (this.mode !== undefined && (error as NodeJS.ErrnoException).code === 'EACCES')
  }

  #makeDirectory(path: string): void {
    this.#syncedDirectory = undefined
    const first = mkdirSync(path, { recursive: true, mode: PRIVATE_DIRECTORY })
    if (first === undefined) return
    for (let made = path; made.length >= first.length; made = dirname(made)) shareDirectory(made, this.mode)
  }

  /** Writes the content of a new file and closes it. */
  #fill(filename: string, descriptor: number, bytes: Uint8Array): void {
    withFileErrors('write', this.#pathOf(filename), () => {
      try {
        writeAll(descriptor, bytes)
        if (this.isDurable) fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
    })
  }

  #syncDirectories(filename: string): void {
    for (const path of this.#directoriesToSync(filename)) syncDirectory(path)
    this.#syncedDirectory = dirname(filename)
  }

  async #syncDirectoriesAsync(filename: string): Promise<void> {
    for (const path of this.#directoriesToSync(filename)) await syncDirectoryAsync(path)
    this.#syncedDirectory = dirname(filename)
  }

  /**
   * Returns the directories that hold the names to keep: that of the file, and, for the first file in a directory,
   * which another process may have made just now, those of the directory.
   */
  #directoriesToSync(filename: string): string[] {
    const directory = dirname(filename)
    const own = this.#pathOf(directory)
    return directory === this.#syncedDirectory ? [own] : [own, dirname(own), this.#root]
  }

  #pathOf(name: string): string {
    return join(this.#root, name)
  }

  /** Returns the status of a file or directory of ours, of a link its own, or `undefined` when there is none. */
  #look(name: string) {
    const path = this.#pathOf(name)
    try {
      return lstatSync(path, { throwIfNoEntry: false })
    } catch (error) {
      if (isMissing(error)) return undefined
      throw fileError(error, 'read', path)
    }
  }

  #isInside(filename: unknown): filename is string {
    return (
      isValueFilename(filename) &&
      !this.#isDetour(filename.slice(0, 2)) &&
      !this.#isDetour(filename.slice(0, 5))
    )
  }

  /** Returns whether something stands in the place of a directory that is none: a link to one, or a file. */
  #isDetour(directory: string): boolean {
    const status = this.#look(directory)
    return status !== undefined && !status.isDirectory()
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(descriptor, bytes, at)
}

/** Returns memory for a value; throws `ERR_DISKCACHE_TOO_LARGE` when it does not fit in one piece. */
function allocate(size: number): Buffer {
  try {
    return Buffer.allocUnsafeSlow(size)
  } catch (cause) {
    const message = `Cannot read a value of ${size} bytes in one piece: use read() for a stream`
    throw new DiskCacheError('ERR_DISKCACHE_TOO_LARGE', message, { cause })
  }
}

/** Returns the bytes of a file, or `undefined` when it ends early. */
function readAll(descriptor: number, size: number): Buffer | undefined {
  const bytes = allocate(size)
  for (let at = 0; at < size; ) {
    const count = readSync(descriptor, bytes, at, size - at, at)
    if (count === 0) return undefined
    at += count
  }
  return bytes
}

function sumAll(descriptor: number): number {
  const sum = new BytesSum()
  const chunk = Buffer.allocUnsafe(SUM_CHUNK_BYTES)
  for (let count = readSync(descriptor, chunk); count > 0; count = readSync(descriptor, chunk))
    sum.add(chunk.subarray(0, count))
  return sum.end()
}

async function readAllAsync(descriptor: number, size: number): Promise<Buffer | undefined> {
  const bytes = allocate(size)
  for (let at = 0; at < size; ) {
    const { bytesRead } = await readAsync(descriptor, bytes, at, size - at, at)
    if (bytesRead === 0) return undefined
    at += bytesRead
  }
  return bytes
}

/**
 * Returns whether there is no such file, or (`ELOOP`, `ENOTDIR`, `ENXIO`, `EISDIR`) something that is not a file of
 * ours.
 */
function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code !== undefined && ['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO', 'EISDIR', 'EMLINK'].includes(code)
}

/** Closes a descriptor that was read from: nothing can be lost by an error, which closes it all the same. */
function closeRead(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    // What was read has been read.
  }
}
