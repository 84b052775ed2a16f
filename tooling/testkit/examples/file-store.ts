import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { Memory, type MemoryRow, MemoryStore, type MemoryStoreOptions } from '@diskcache/testkit/memory'

/** Rows that are saved to a file at every change. */
class SavedRows extends Map<string, MemoryRow> {
  readonly #file: string

  constructor(file: string) {
    super()
    this.#file = file
    const saved: [string, MemoryRow][] = existsSync(file) ? deserialize(readFileSync(file)) : []
    for (const [id, row] of saved) super.set(id, row)
  }

  override set(id: string, row: MemoryRow): this {
    super.set(id, row)
    this.#save()
    return this
  }

  override delete(id: string): boolean {
    const wasThere = super.delete(id)
    this.#save()
    return wasThere
  }

  #save(): void {
    writeFileSync(this.#file, serialize([...this]))
  }
}

const memories = new Map<string, Memory>()

/** An engine of one's own: a store for one process, in one file, which is rewritten at every change. */
export class FileStore extends MemoryStore {
  constructor(directory: string, options: Omit<MemoryStoreOptions, 'memory'> = {}) {
    const memory = memories.get(directory) ?? new Memory(new SavedRows(join(directory, 'rows')))
    memories.set(directory, memory)
    super({ ...options, memory })
  }
}
