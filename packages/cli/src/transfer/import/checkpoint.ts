import { open, readFile, rename, rm } from 'node:fs/promises'
import { Failure } from '../../terminal/failure.ts'
import { isObject } from '../lines/sealed-line.ts'

/** How far an import has come. */
export interface Progress {
  /** The sum of the first line, by which the export is known again. */
  readonly header: number
  /** The name of the target. */
  readonly target: string
  /** The position in bytes up to which every entry is stored. */
  readonly position: number
  /** What was counted so far. */
  readonly counts: Readonly<Record<string, number>>
}

/** A file that says how far an import has come. */
export class Checkpoint {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Returns what is noted, or `undefined` where there is no file. */
  async read(): Promise<Progress | undefined> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return text === undefined ? undefined : this.#parse(text)
  }

  #parse(text: string): Progress {
    try {
      const { diskcache, version, header, target, position, counts } = JSON.parse(text)
      const isNumbered =
        Number.isSafeInteger(position) &&
        Number.isSafeInteger(header) &&
        isObject(counts) &&
        Object.values(counts).every(Number.isSafeInteger)
      if (diskcache === 'import' && version === 1 && isNumbered && typeof target === 'string')
        return { header, target, position, counts: counts as Record<string, number> }
    } catch {
      // Said below.
    }
    throw new Failure(`${this.#path} is no checkpoint of an import; name another file, or remove it`)
  }

  /** Notes how far the import has come, in one step. */
  async write(progress: Progress): Promise<void> {
    const beside = `${this.#path}.new`
    const file = await open(beside, 'w')
    try {
      await file.writeFile(`${JSON.stringify({ diskcache: 'import', version: 1, ...progress })}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, this.#path)
  }

  /** Removes the file: the import is done. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true })
  }
}
