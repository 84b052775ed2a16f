import { DiskCacheError } from '../contract/errors.ts'

/** `xxh64.wat`, assembled: V8 has no 64-bit multiplication that is quick in JavaScript. */
const MODULE = [
  'AGFzbQEAAAABDQJgAn5+AX5gAn98AXwDBAMAAAEFAwEAAgZEBX4AQoeVr6+Ytt6bnn8LfgBCz9bTvtLHq9lCC34AQvnz3fGZ9pmrFgt+AELj3MqV',
  '/M7y9YV/C34AQsXP2bLx5brqJwsHEgIGbWVtb3J5AgAFeHhoNjQAAgqWAwMQACAAIAEjAX58Qh+JIwB+CxEAIABCACABEACFIwB+IwN8C/ACAgF/',
  'Bn4gAfwHIQMgAEEgTwRAIAMjAHwjAXwhBSADIwF8IQYgAyEHIAMjAH0hCANAIAUgAikDABAAIQUgBiACKQMIEAAhBiAHIAIpAxAQACEHIAggAikD',
  'GBAAIQggAkEgaiECIAJBIGogAE0NAAsgBUIBiSAGQgeJfCAHQgyJIAhCEol8fCEEIAQgBRABIQQgBCAGEAEhBCAEIAcQASEEIAQgCBABIQQFIAMj',
  'BHwhBAsgBCAArXwhBAJAA0AgAkEIaiAASw0BIARCACACKQMAEACFIQQgBEIbiSMAfiMDfCEEIAJBCGohAgwACwsgAkEEaiAATQRAIAQgAjUCACMA',
  'foUhBCAEQheJIwF+IwJ8IQQgAkEEaiECCwJAA0AgAiAATw0BIAQgAjEAACMEfoUhBCAEQguJIwB+IQQgAkEBaiECDAALCyAEIARCIYiFIwF+IQQg',
  'BCAEQh2IhSMCfiEEIAQgBEIgiIUhBCAEQgyIugs=',
].join('')

/** The number of bytes that are hashed at a time. */
export const PIECE_BYTES = 2 ** 16

/** XXH64 of what was written to the beginning of a memory of two pieces. */
export interface Xxh64 {
  /** The memory. */
  readonly memory: Buffer
  /**
   * Returns the first 52 bits of XXH64 of the first `length` bytes of the memory, with a seed of as many bits. O(n),
   * some 12 GB a second.
   */
  readonly hash: (length: number, seed: number) => number
}

/** The part of WebAssembly that is used, which Node's types leave out. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly xxh64: Xxh64['hash'] }
  }
}

let loaded: Xxh64 | undefined

/** Returns whether this process has WebAssembly, without which there are no hashes. */
export function hasWebAssembly(): boolean {
  return loaded !== undefined || (globalThis as { WebAssembly?: Assembly }).WebAssembly !== undefined
}

/**
 * Returns the one memory of this thread and its hash.
 *
 * @throws DiskCacheError ERR_DISKCACHE_ENGINE where there is no WebAssembly
 */
export function xxh64(): Xxh64 {
  loaded ??= load()
  return loaded
}

function load(): Xxh64 {
  const { WebAssembly } = globalThis as { WebAssembly?: Assembly }
  if (WebAssembly === undefined) {
    const message =
      'Cannot compute a hash: this process has no WebAssembly (node --jitless); set checksums to false'
    throw new DiskCacheError('ERR_DISKCACHE_ENGINE', message)
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(MODULE, 'base64')))
  return { memory: Buffer.from(exports.memory.buffer), hash: exports.xxh64 }
}
