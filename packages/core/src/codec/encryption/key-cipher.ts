import { createCipheriv, createDecipheriv, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { DiskCacheError } from '../../contract/errors.ts'
import { encodedValue, formedBytes } from '../column-bytes.ts'
import { type EncodedKey, KeyForm, Mode } from '../columns.ts'
import { checkSecret, deriveKey } from './secrets.ts'

const ALGORITHM = 'aes-256-ctr'

/** What an encrypted key begins with: a byte that no canonical encoding begins with, and the number of this format. */
const MARK = Buffer.of(0xc1, 4)
const IV_LENGTH = 16
const TEXT_AT = MARK.length + IV_LENGTH

/**
 * Encrypts keys of entries, equal ones to equal bytes, by which they are found: with a synthetic initialization vector,
 * as in RFC 5297, which is the beginning of an HMAC of the key, and authenticates it. On disk stand the mark, the vector,
 * and the encrypted form of key, form of column and bytes.
 */
export class KeyCipher {
  readonly #key: KeyObject
  readonly #macKey: KeyObject

  /** Takes the secret; throws `TypeError` or `RangeError` for what is none. */
  constructor(secret: Uint8Array) {
    checkSecret('entryKey', secret)
    this.#key = deriveKey(secret, 'entry key')
    this.#macKey = deriveKey(secret, 'entry key vector')
  }

  /** Encrypts a key. */
  encrypt({ key, form }: EncodedKey): EncodedKey {
    const column = formedBytes({ mode: Mode.raw, data: key })
    const text = Buffer.concat([Buffer.of(form, column.form), column.bytes])
    const iv = this.#vectorOf(text)
    const cipher = createCipheriv(ALGORITHM, this.#key, iv)
    return { key: Buffer.concat([MARK, iv, cipher.update(text), cipher.final()]), form: KeyForm.canonical }
  }

  /**
   * Decrypts what {@link encrypt} gave.
   *
   * @throws DiskCacheError ERR_DISKCACHE_FORMAT for what another secret has encrypted, and for damaged bytes, which look
   * the same
   */
  decrypt(bytes: Buffer): EncodedKey {
    const iv = bytes.subarray(MARK.length, TEXT_AT)
    if (bytes.length < TEXT_AT + 2) throw unknownKeyError()
    const decipher = createDecipheriv(ALGORITHM, this.#key, iv)
    const text = Buffer.concat([decipher.update(bytes.subarray(TEXT_AT)), decipher.final()])
    if (!timingSafeEqual(iv, this.#vectorOf(text))) throw unknownKeyError()
    const [form, columnForm = 0] = text
    return {
      key: encodedValue({ form: columnForm, bytes: text.subarray(2) }).data,
      form: form as KeyForm,
    }
  }

  #vectorOf(text: Buffer): Buffer {
    return createHmac('sha256', this.#macKey).update(text).digest().subarray(0, IV_LENGTH)
  }
}

/** Returns whether a key as it is stored is one that the `entryKey` of an `EncryptedDisk` may have encrypted. */
export function isEncryptedKey({ key, form }: EncodedKey): boolean {
  return form === KeyForm.canonical && Buffer.isBuffer(key) && key.subarray(0, MARK.length).equals(MARK)
}

/** Makes the error for a key of another `entryKey` than is there, if one is. */
export function unknownKeyError(): DiskCacheError {
  return new DiskCacheError(
    'ERR_DISKCACHE_FORMAT',
    'Cannot decode a key: another entryKey than is given has encrypted it, or it is damaged; clear() removes such entries',
  )
}
