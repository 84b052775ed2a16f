import { type HeaderValue, joined } from './header-values.ts'

/** One directive, and the comma after it: `token [ "=" ( token / quoted-string ) ]` (RFC 9111, 5.2). */
const DIRECTIVE =
  /[\t ,]*([!#$%&'*+.^_`|~\w-]+)(?:=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)"))?[\t ]*(?:,|$)/y

/** Directives whose argument is a number of seconds. */
export const WITH_SECONDS: readonly string[] = [
  'max-age',
  's-maxage',
  'stale-while-revalidate',
  'stale-if-error',
  'min-fresh',
]

/** Longer times are taken for this one, so that nothing overflows (RFC 9111, 1.2.2). */
export const MAX_SECONDS = 2 ** 31

/** The directives of a `Cache-Control` field. */
export class CacheControl {
  static readonly NONE = new CacheControl(new Map())

  readonly #directives: ReadonlyMap<string, string>

  private constructor(directives: ReadonlyMap<string, string>) {
    this.#directives = directives
  }

  /**
   * Returns the directives, or `undefined` for a field that is malformed, which may mean more than it says:
   * `private=""`, cut short, must not become something that may be shared. A directive given twice with different
   * arguments is malformed, too.
   */
  static parse(value: HeaderValue): CacheControl | undefined {
    const text = joined(value)
    if (text === undefined) return CacheControl.NONE
    const directives = parseDirectives(text)
    return directives && areSecondsValid(directives) ? new CacheControl(directives) : undefined
  }

  has(...names: string[]): boolean {
    return names.some((name) => this.#directives.has(name))
  }

  /** Returns the argument in seconds, or `undefined` when the directive is absent or has none. */
  seconds(name: string): number | undefined {
    const argument = this.#directives.get(name)
    return argument === undefined ? undefined : deltaSeconds(argument)
  }
}

/** Returns a number of seconds, or `undefined` for a text that is none (RFC 9111, 1.2.2). */
export function deltaSeconds(text: string): number | undefined {
  return /^\d+$/.test(text) ? Math.min(Number(text), MAX_SECONDS) : undefined
}

function parseDirectives(text: string): Map<string, string> | undefined {
  const directives = new Map<string, string>()
  DIRECTIVE.lastIndex = 0
  while (DIRECTIVE.lastIndex < text.length && !/^[\t ,]*$/.test(text.slice(DIRECTIVE.lastIndex))) {
    const match = DIRECTIVE.exec(text)
    if (match === null) return undefined
    const name = (match[1] as string).toLowerCase()
    const argument = match[2] ?? match[3] ?? ''
    if ((directives.get(name) ?? argument) !== argument) return undefined
    directives.set(name, argument)
  }
  return directives
}

function areSecondsValid(directives: ReadonlyMap<string, string>): boolean {
  const maxStale = directives.get('max-stale')
  if (maxStale && deltaSeconds(maxStale) === undefined) return false
  return WITH_SECONDS.every((name) => deltaSeconds(directives.get(name) ?? '0') !== undefined)
}
