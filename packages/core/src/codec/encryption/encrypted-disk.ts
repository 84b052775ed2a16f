import { checkChoice, checkOptions } from '../../checks/argument-check.ts'
import type { Key } from '../../contract/entry.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import { encodedValue, formedBytes } from '../column-bytes.ts'
import { type Column, type EncodedKey, type EncodedValue, KeyForm, Mode } from '../columns.ts'
import { Disk, type DiskOptions } from '../disk.ts'
import { QUEUE_KEYS } from '../queue-keys.ts'
import { isEncryptedKey, KeyCipher, unknownKeyError } from './key-cipher.ts'
import { type UnknownKeyPolicy, ValueCipher } from './value-cipher.ts'

/** The options of an `EncryptedDisk`. */
export interface EncryptedDiskOptions extends DiskOptions {
  /**
   * Secrets of 32 random bytes. The first encrypts, and all decrypt: put a new one before the others, and drop an old one
   * once nothing is left that it has encrypted.
   */
  readonly keys: readonly Uint8Array[]
  /**
   * A secret of 32 random bytes by which keys of entries are encrypted, too. Unless given, they are readable. With another
   * one, no entry is found any more.
   */
  readonly entryKey?: Uint8Array | undefined
  /**
   * What is done about a value that was encrypted by none of the `keys`: `'throw'`, unless given, throws
   * `ERR_DISKCACHE_FORMAT` and leaves it; with `'miss'` it counts as damaged, and is removed when it is read.
   */
  readonly unknownKey?: UnknownKeyPolicy | undefined
}

/**
 * A codec that encrypts values with AES-256-GCM, after it has compressed them, if it is to. What somebody has changed,
 * or put there without a key, counts as damaged. Metadata are readable: tags, times, lengths, and, unless `entryKey` is
 * given, keys.
 *
 * @example
 * ```ts
 * import { randomBytes } from 'node:crypto'
 * import { Cache, EncryptedDisk } from '@diskcache/cache'
 *
 * const key = randomBytes(32) // keep it where secrets are kept
 * using cache = new Cache('cache-directory', { disk: new EncryptedDisk({ keys: [key] }) })
 * cache.set('key', { name: 'Ada' })
 * cache.get('key') // → { name: 'Ada' }
 * ```
 */
export class EncryptedDisk extends Disk {
  /** The name of the codec, which is recorded in the directory. */
  static override readonly codec: string = 'encrypted'
  /** Streams are collected in memory and encrypted in one piece: none of their bytes may stand on the disk. */
  override readonly keepsStreams: boolean = false
  override readonly keepsKeys: boolean
  readonly #values: ValueCipher
  readonly #keys: KeyCipher | undefined

  /**
   * Makes a codec with these secrets.
   *
   * @throws TypeError, RangeError for illegal options
   */
  constructor(options: EncryptedDiskOptions) {
    checkOptions('the options of EncryptedDisk', options, OPTION_NAMES)
    const { keys, entryKey, unknownKey = 'throw', ...rest } = options
    super(rest)
    this.#values = new ValueCipher(keys, checkChoice('unknownKey', unknownKey, ['throw', 'miss']))
    this.#keys = entryKey === undefined ? undefined : new KeyCipher(entryKey)
    this.keepsKeys = entryKey === undefined
  }

  override encodeKey(key: Key): EncodedKey {
    const encoded = super.encodeKey(key)
    return this.#keys === undefined || isReadable(encoded) ? encoded : this.#keys.encrypt(encoded)
  }

  override decodeKey(encoded: EncodedKey): Key {
    if (!isEncryptedKey(encoded)) return super.decodeKey(encoded)
    if (this.#keys === undefined) throw unknownKeyError()
    return super.decodeKey(this.#keys.decrypt(encoded.key as Buffer))
  }

  override encodeValue(value: unknown): EncodedValue {
    return { mode: Mode.msgpack, data: this.#values.encrypt(formedBytes(super.encodeValue(value))) }
  }

  override decodeValue(mode: Mode, data: Column): unknown {
    if (mode !== Mode.msgpack || !Buffer.isBuffer(data))
      throw new DiskCacheError('ERR_DISKCACHE_CORRUPT', 'Cannot decode a value: it is not encrypted')
    const inner = encodedValue(this.#values.decrypt(data))
    return super.decodeValue(inner.mode, inner.data)
  }
}

const OPTION_NAMES = ['keys', 'entryKey', 'unknownKey', 'classes', 'compression']

/** Returns whether a key stays as it is: one of an item of a queue, in whose order they stand, and one of Python's. */
function isReadable({ key, form }: EncodedKey): boolean {
  if (form === KeyForm.pickle) return true
  return typeof key === 'bigint' && key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max
}
