import nodeModule from 'node:module'
import { extname } from 'node:path'
import type { Keyv } from 'keyv'

/** The class `Keyv` of Keyv 5 or of Keyv 6. */
export type KeyvClass<K = Keyv> = new (options: object) => K

const FILE = ownFile()

/**
 * Returns the class that the application gets from `import 'keyv'` or, in CommonJS, from `require('keyv')`. These are
 * two, and there are programs that compare them. Keyv is loaded at the first call, since whoever imports the stores
 * alone need not have it.
 *
 * @throws Error when Keyv is not installed
 */
export function installedKeyv(): KeyvClass {
  // No named import of `createRequire`, as webpack would follow it, and look while it bundles.
  const load = nodeModule.createRequire(FILE)
  try {
    return importedKeyv(load) ?? load('keyv').Keyv
  } catch (cause) {
    const message =
      "Cannot create a Keyv: the package 'keyv' cannot be loaded; install it, or hand its class in as the option Keyv"
    throw new Error(message, { cause })
  }
}

/**
 * Returns Keyv as this format imports it; `undefined` in a bundle, which has no such file beside it. `import.meta.resolve` would do
 * without that file, but webpack resolves it while it bundles, and ncc leaves it in CommonJS, where it is a syntax error.
 */
function importedKeyv(load: NodeJS.Require): KeyvClass | undefined {
  try {
    return load(`./imported-keyv${extname(FILE)}`).Keyv
  } catch {
    return undefined
  }
}

/**
 * Returns this module's own file. A CommonJS bundle has no `import.meta.url`, and a module no `__filename`; webpack holds
 * `typeof __filename` for a string in both.
 */
function ownFile(): string {
  try {
    return __filename
  } catch {
    return import.meta.url
  }
}
