// The package gives no name to this file of its own, the only one that adds extensions to be read alone.
import * as msgpackr from '../../../node_modules/msgpackr/unpack.js'

const { addExtension } = msgpackr as unknown as {
  /** Sets what is made of an extension: of its bytes by `unpack`, or of the value that it holds by `read`. */
  addExtension(extension: {
    readonly type: number
    readonly unpack?: (bytes: Uint8Array) => unknown
    readonly read?: (value: unknown) => unknown
  }): void
}

/** The most bits of a bigint: 1 MiB of them, which are read and written in some milliseconds. */
export const MAX_BIGINT_BITS = 2 ** 23

const ERROR = 0x65
const BIGINT = 0x42

const ERRORS = new Map<unknown, ErrorConstructor>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [type.name, type]),
)

/**
 * Lets msgpackr read two of its extensions by this module. Its own way looks errors up in an object, by a name from the
 * message, and so gives out that object, or calls what else it inherits; and it takes seconds for a long bigint.
 */
export function guardExtensions(): void {
  addExtension({ type: ERROR, read: errorFrom })
  addExtension({ type: BIGINT, unpack: bigintFrom })
}

function errorFrom(value: unknown): Error {
  if (!Array.isArray(value)) throw new TypeError('Not an error')
  const [name, message, cause] = value
  const error = new (ERRORS.get(name) ?? Error)(String(message), { cause })
  if (error.name !== name) error.name = String(name)
  return error
}

/** Returns the integer that stands in bytes in two's complement, the highest first. */
function bigintFrom(bytes: Uint8Array): bigint {
  if (bytes.length === 0 || bytes.length * 8 > MAX_BIGINT_BITS + 8) throw new RangeError('No bigint')
  const { buffer, byteOffset, length } = bytes
  return BigInt.asIntN(length * 8, BigInt(`0x${Buffer.from(buffer, byteOffset, length).toString('hex')}`))
}
