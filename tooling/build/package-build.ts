import type { Options } from 'tsup'

/**
 * How each package is built: every door as a module, and what several doors need in files that they share, so that a class
 * is one class, and a registry one registry, whichever door it comes through. `add-commonjs.ts` adds the same in CommonJS:
 * tsup's own CommonJS would be a copy for each door, or older JavaScript.
 */
export function packageBuild(entry: Record<string, string>, options: Options = {}): Options {
  return {
    entry,
    format: 'esm',
    target: 'node22',
    dts: true,
    clean: true,
    sourcemap: true,
    ...options,
  }
}
