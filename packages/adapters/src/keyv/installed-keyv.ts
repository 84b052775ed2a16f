import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Keyv } from 'keyv'

/** Of Keyv 5 or of Keyv 6. */
export type KeyvClass<K = Keyv> = new (options: object) => K

/**
 * The class that the application gets from `import 'keyv'` or, in the CommonJS build of this package, from
 * `require('keyv')`. These are two, and there are programs that compare them. Loaded at the first call, since whoever
 * imports the stores alone need not have Keyv.
 *
 * @throws Error when Keyv is not installed
 */
export function installedKeyv(): KeyvClass {
  try {
    const url: string | undefined = import.meta.resolve?.('keyv')
    const require = createRequire(import.meta.url)
    return require(url === undefined ? 'keyv' : fileURLToPath(url)).Keyv
  } catch (cause) {
    throw new Error("Cannot create a Keyv: the package 'keyv' cannot be loaded", { cause })
  }
}
