import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Keyv } from 'keyv'

/** The class `Keyv` of Keyv 5 or of Keyv 6. */
export type KeyvClass<K = Keyv> = new (options: object) => K

/** This module's own file. A CommonJS bundle has no `import.meta.url`, and a module no `__filename`. */
const FILE = typeof __filename === 'string' ? __filename : import.meta.url

/**
 * Returns the class that the application gets from `import 'keyv'` or, in CommonJS, from `require('keyv')`. These are
 * two, and there are programs that compare them. Keyv is loaded at the first call, since whoever imports the stores
 * alone need not have it.
 *
 * @throws Error when Keyv is not installed
 */
export function installedKeyv(): KeyvClass {
  try {
    return load('keyv').Keyv
  } catch (cause) {
    const message =
      "Cannot create a Keyv: the package 'keyv' cannot be loaded; install it, or hand its class in as the option Keyv"
    throw new Error(message, { cause })
  }
}

/**
 * Loads a package. The name is a parameter, lest webpack looks for the package while it bundles, and fails where the
 * package stays outside.
 */
function load(name: string): { Keyv: KeyvClass } {
  const url: string | undefined = import.meta.resolve?.(name)
  return createRequire(FILE)(url === undefined ? name : fileURLToPath(url))
}
