import { checkKeepsKeys, type Disk, DiskCacheError, type EncodedKey, type Key, quote } from '@diskcache/core'

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
    return this.#disk.decodeKey(keyColumns(name.slice(this.#prefix.length + 1, -1)))
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

/** Binary keys as hexadecimal digits, because not all bytes are text. */
function keyText({ key, form }: EncodedKey): string {
  if (Buffer.isBuffer(key)) return BINARY[form] + key.toString('hex')
  if (typeof key === 'string') return `s${key}`
  return typeof key === 'bigint' ? `i${key}` : `d${key}`
}

/** By `form`: pickled by Python, bytes, in the canonical encoding. */
const BINARY: readonly (string | undefined)[] = ['p', 'b', 'c']

function keyColumns(text: string): EncodedKey {
  const [type, rest] = [text[0], text.slice(1)]
  if (type === 's') return { key: rest, form: 1 }
  if (type === 'i' && /^-?\d{1,19}$/.test(rest)) return { key: BigInt(rest), form: 1 }
  if (type === 'd' && rest === String(Number(rest))) return { key: Number(rest), form: 1 }
  const form = BINARY.indexOf(type)
  const key = Buffer.from(rest, 'hex')
  if (form >= 0 && key.length * 2 === rest.length) return { key, form: form as 0 | 1 | 2 }
  throw new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    `Cannot read the key ${quote(text)}: it was not written by this package`,
  )
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
