import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { quote } from '../../checks/argument-check.ts'
import { DiskCacheError } from '../../contract/errors.ts'
import type { FormedBytes } from '../column-bytes.ts'
import { checkSecret, deriveBytes, deriveKey } from './secrets.ts'

const ALGORITHM = 'aes-256-gcm'

/** What an encrypted value begins with: a byte that MessagePack never uses, and the number of this format. */
const MARK = Buffer.of(0xc1, 3)
const ID_LENGTH = 4
const NONCE_LENGTH = 12
const TAG_LENGTH = 16
const NONCE_AT = MARK.length + ID_LENGTH
const TEXT_AT = NONCE_AT + NONCE_LENGTH

/** What is done about a value whose key is not among those that were given. */
export type UnknownKeyPolicy = 'throw' | 'miss'

/** A key, and the header that names it. */
interface ValueKey {
  readonly key: KeyObject
  /** The mark and the id. It is authenticated with the value. */
  readonly header: Buffer
}

/**
 * Encrypts values by the first of its keys, and decrypts those of all: AES-256 in Galois/Counter Mode (NIST SP 800-38D)
 * with a random nonce of 96 bits each. On disk (format page, "Encrypted values") stand the mark, four bytes that name the
 * key, the nonce, the encrypted form and bytes, and the tag.
 */
export class ValueCipher {
  readonly #newest: ValueKey
  readonly #keys = new Map<number, ValueKey>()
  readonly #unknownKey: UnknownKeyPolicy

  /**
   * Takes the secrets, the newest first.
   *
   * @throws TypeError, RangeError for what are none, or the same twice
   */
  constructor(secrets: readonly Uint8Array[], unknownKey: UnknownKeyPolicy) {
    if (!Array.isArray(secrets) || secrets.length === 0)
      throw new TypeError('Cannot use keys: expected an array of secrets, the newest first')
    for (const [i, secret] of secrets.entries()) this.#add(valueKey(checkSecret(`keys[${i}]`, secret)), i)
    this.#newest = this.#keys.values().next().value as ValueKey
    this.#unknownKey = unknownKey
  }

  #add(key: ValueKey, i: number): void {
    const id = idOf(key.header)
    if (this.#keys.has(id)) throw new RangeError(`Cannot use keys[${i}]: it stands among the keys already`)
    this.#keys.set(id, key)
  }

  /** Encrypts bytes with their form. */
  encrypt({ form, bytes }: FormedBytes<number>): Buffer {
    const { key, header } = this.#newest
    const nonce = randomBytes(NONCE_LENGTH)
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_LENGTH }).setAAD(header)
    const text = [cipher.update(Buffer.of(form)), cipher.update(bytes), cipher.final()]
    return Buffer.concat([header, nonce, ...text, cipher.getAuthTag()])
  }

  /**
   * Decrypts what {@link encrypt} gave.
   *
   * @throws DiskCacheError ERR_DISKCACHE_CORRUPT for anything else, ERR_DISKCACHE_FORMAT for a key that is not among
   * these, unless that is to be a miss
   */
  decrypt(bytes: Buffer): FormedBytes<number> {
    if (bytes.length <= TEXT_AT + TAG_LENGTH || !bytes.subarray(0, MARK.length).equals(MARK)) throw damaged()
    const { key, header } = this.#keyOf(bytes)
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(NONCE_AT, TEXT_AT), {
      authTagLength: TAG_LENGTH,
    })
    decipher.setAAD(header).setAuthTag(bytes.subarray(-TAG_LENGTH))
    const text = decipher.update(bytes.subarray(TEXT_AT, -TAG_LENGTH))
    try {
      decipher.final()
    } catch (cause) {
      throw damaged(cause)
    }
    return { form: text[0] as number, bytes: text.subarray(1) }
  }

  #keyOf(bytes: Buffer): ValueKey {
    const id = idOf(bytes)
    const key = this.#keys.get(id)
    if (key !== undefined) return key
    if (this.#unknownKey === 'miss') throw damaged()
    const name = quote(bytes.toString('hex', MARK.length, NONCE_AT))
    throw new DiskCacheError(
      'ERR_DISKCACHE_FORMAT',
      `Cannot decode a value: it was encrypted by the key ${name}, which is not among keys; add it, or say ` +
        `unknownKey: 'miss' to do without what older keys have encrypted`,
    )
  }
}

function valueKey(secret: Uint8Array): ValueKey {
  const id = deriveBytes(secret, 'key id', ID_LENGTH)
  return { key: deriveKey(secret, 'value'), header: Buffer.concat([MARK, id]) }
}

function idOf(bytes: Buffer): number {
  return bytes.readUInt32BE(MARK.length)
}

function damaged(cause?: unknown): DiskCacheError {
  const message = 'Cannot decode a value: it is not what was encrypted'
  return new DiskCacheError('ERR_DISKCACHE_CORRUPT', message, cause === undefined ? {} : { cause })
}
