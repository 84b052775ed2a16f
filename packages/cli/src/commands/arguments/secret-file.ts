import { readFileSync } from 'node:fs'
import { Option } from 'commander'
import { Failure, fileFailure } from '../../terminal/failure.ts'

/** The length of a secret, in bytes. */
const LENGTH = 32

/** Returns the option that names the secrets of an encrypted cache. */
export function secretFileOption(): Option {
  const text = 'a file with a secret of an encrypted cache; may be given several times, the newest first'
  return new Option('--secret-file <path>', text).argParser((path: string, paths: string[] = []) => [
    ...paths,
    path,
  ])
}

/**
 * Returns the secret in a file: its bytes, or what these are as hexadecimal digits or base64.
 *
 * @throws Failure for a file that holds none
 */
export function readSecret(path: string): Uint8Array {
  const bytes = read(path)
  if (bytes.length === LENGTH) return bytes
  const text = bytes.toString('latin1').trim()
  const decoded = Buffer.from(text, /^[\da-f]{64}$/i.test(text) ? 'hex' : 'base64')
  if (decoded.length === LENGTH) return decoded
  throw new Failure(`"${path}" has no secret: ${LENGTH} bytes, or these as hexadecimal digits or base64`)
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw fileFailure(error, path, 'name a file')
  }
}
