import { checkKeepsKeys, type Disk, type Key, keyFromText, keyText } from '@diskcache/core'

/**
 * What an entry is called in Redis: `prefix{` + a letter for the key's type + the key + `}`. Cluster puts what has the
 * same text in braces on one server, so an entry and its chunks, `<entry's key>:<id>`, stay together. Neither the prefix
 * nor an id has a brace: entries are the names that end with one.
 */
export class EntryKeys {
  readonly #prefix: string
  readonly #disk: Disk

  constructor(prefix: string, disk: Disk) {
    this.#prefix = prefix
    this.#disk = disk
  }

  /** Throws `TypeError` for what cannot be a key. */
  encode(key: Key): string {
    return `${this.#prefix}{${keyText(this.#disk.encodeKey(key))}}`
  }

  /** Throws `ERR_DISKCACHE_FORMAT` for a name that this package does not give. */
  decode(name: string): Key {
    return this.#disk.decodeKey(keyFromText(name.slice(this.#prefix.length + 1, -1)))
  }

  /**
   * A pattern for SCAN: entries whose key is a string with this beginning, or all. Throws `TypeError` for a beginning where
   * the codec does not keep keys as they are.
   */
  entryPattern(prefix?: string): string {
    if (prefix !== undefined) checkKeepsKeys(this.#disk)
    const start = prefix === undefined ? '' : `s${prefix}`
    return `${literal(`${this.#prefix}{${start}`)}*}`
  }

  /** Tells of an entry's name what {@link entryPattern} tells of all names. */
  hasPrefix(prefix?: string): (name: string) => boolean {
    const start = `${this.#prefix}{${prefix === undefined ? '' : `s${prefix}`}`
    return (name) => name.startsWith(start)
  }

  /** A pattern for SCAN: entries and their chunks. */
  anyPattern(): string {
    return `${literal(`${this.#prefix}{`)}*`
  }

  /** A pattern for SCAN: chunks of entries. */
  chunkPattern(): string {
    return `${literal(`${this.#prefix}{`)}*}:${'[0-9a-f]'.repeat(16)}`
  }

  /** A name beside the entries. */
  other(name: string): string {
    return `${this.#prefix}:${name}`
  }
}

/** Text in a pattern that stands for itself. */
function literal(text: string): string {
  return text.replace(/[*?[\]\\^-]/g, '\\$&')
}

/** What the chunks of an entry are called. */
export function chunksKey(key: string, id: Buffer): string {
  return `${key}:${id.toString('hex')}`
}

/** What a name that matches the pattern of chunks is made of. */
export function entryOfChunks(name: string): { key: string; id: Buffer } {
  return { key: name.slice(0, -17), id: Buffer.from(name.slice(-16), 'hex') }
}
