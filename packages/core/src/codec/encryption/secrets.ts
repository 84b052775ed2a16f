import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { quote } from '../../checks/argument-check.ts'

/** The length of a secret, and of each key that is derived from it, in bytes. */
const SECRET_LENGTH = 32

/**
 * Returns a secret when it is one.
 *
 * @throws TypeError for what is not bytes, and RangeError for another number of them; neither quotes the secret
 */
export function checkSecret(name: string, secret: unknown): Uint8Array {
  if (!(secret instanceof Uint8Array))
    throw new TypeError(`Cannot use ${name}: expected ${SECRET_LENGTH} bytes, got a ${typeof secret}`)
  if (secret.length === SECRET_LENGTH) return secret
  throw new RangeError(
    `Cannot use ${name}: expected ${SECRET_LENGTH} random bytes, got ${quote(secret.length)}`,
  )
}

/** Derives bytes for one purpose from a secret, by HKDF (RFC 5869) with SHA-256: those for others tell nothing of them. */
export function deriveBytes(secret: Uint8Array, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `diskcache ${purpose}`, length))
}

/** Derives a key for one purpose from a secret. Node makes ciphers of it several times as fast as of bytes. */
export function deriveKey(secret: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(deriveBytes(secret, purpose, SECRET_LENGTH))
}
