import type { MemoizeOptions } from '../contract/memoized.ts'
import { quote } from './argument-check.ts'

// biome-ignore lint/complexity/noBannedTypes: any function at all
type AnyFunction = Function

/** What was memoized under a name. */
interface Named {
  readonly fn: AnyFunction
  readonly key: AnyFunction | undefined
  readonly ignore: string
}

/**
 * The names under which functions of one store are memoized. A name stands for one function: the same object, or, when
 * a module is evaluated again or a class made twice, another with the same text. What the function takes from around
 * it must be part of the name, or of the arguments.
 */
export class MemoizedNames {
  readonly #names = new Map<string, Named>()

  /**
   * Takes the name for a function.
   *
   * @throws TypeError when another function has it, or the same one with another `key` or `ignore`: results would be
   * mixed
   */
  take<A extends readonly unknown[]>(
    fn: AnyFunction,
    { name, key, ignore = [] }: Pick<MemoizeOptions<A>, 'name' | 'key' | 'ignore'>,
  ): void {
    const wanted: Named = { fn, key, ignore: ignore.join() }
    const taken = this.#names.get(name)
    if (taken !== undefined && !isSame(taken, wanted)) {
      throw new TypeError(
        `Cannot memoize under the name ${quote(name)}: another function of this store has it, and their results ` +
          'would be mixed; give each function a name of its own',
      )
    }
    this.#names.set(name, wanted)
  }
}

function isSame(a: Named, b: Named): boolean {
  return isSameFunction(a.fn, b.fn) && isSameFunction(a.key, b.key) && a.ignore === b.ignore
}

function isSameFunction(a: AnyFunction | undefined, b: AnyFunction | undefined): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  const text = String(a)
  // Bound functions all have this text, whatever they are bound to.
  return text === String(b) && !text.endsWith('{ [native code] }')
}
