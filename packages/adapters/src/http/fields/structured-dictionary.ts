/** A value of a structured field (RFC 9651, 3), as far as it is of use here: a list, a text, a boolean, an integer, or another one. */
export type StructuredValue = readonly StructuredValue[] | string | boolean | number | typeof OTHER

/** Stands for a value of a type that nothing here reads. */
const OTHER: unique symbol = Symbol('other')

const KEY = /[a-z*][a-z\d_.*-]*/y
const STRING = /"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y
const BOOLEAN = /\?[01]/y
const INTEGER = /-?\d{1,15}(?![\d.])/y
/** Other numbers, dates, byte sequences, tokens and display strings. */
const OTHERS =
  /@?-?\d{1,15}(?:\.\d{1,3})?|:[a-z\d+/=]*:|[a-z*][\w!#$%&'*+.^`|~:/-]*|%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[\da-f]{2})*"/iy

/** Returns the members of a dictionary, or `undefined` when the field is malformed (RFC 9651, 4.2.2). */
export function structuredDictionary(text: string): ReadonlyMap<string, StructuredValue> | undefined {
  const reader = new Reader(text)
  try {
    return reader.dictionary()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Reads from the beginning of a text to its end. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  dictionary(): Map<string, StructuredValue> {
    const members = new Map<string, StructuredValue>()
    this.#skip(/ */y)
    while (this.#at < this.#text.length) {
      if (members.size > 0) this.#expect(/[\t ]*,[\t ]*/y)
      const [key, value] = this.#member()
      members.delete(key)
      members.set(key, value)
      if (this.#read(/ *$/y) !== undefined) break
    }
    return members
  }

  #member(): [key: string, value: StructuredValue] {
    const key = this.#expect(KEY)
    const value = this.#read(/=/y) === undefined ? true : this.#value()
    this.#parameters()
    return [key, value]
  }

  #value(): StructuredValue {
    return this.#read(/\(/y) === undefined ? this.#item() : this.#innerList()
  }

  #innerList(): StructuredValue {
    const items: StructuredValue[] = []
    for (;;) {
      const spaces = this.#skip(/ */y)
      if (this.#read(/\)/y) !== undefined) return items
      if (items.length > 0 && spaces === '') throw new SyntaxError()
      items.push(this.#item())
      this.#parameters()
    }
  }

  #item(): StructuredValue {
    const string = this.#read(STRING)
    if (string !== undefined) return string.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    const boolean = this.#read(BOOLEAN)
    if (boolean !== undefined) return boolean === '?1'
    const integer = this.#read(INTEGER)
    if (integer !== undefined) return Number(integer)
    this.#expect(OTHERS)
    return OTHER
  }

  #parameters(): void {
    while (this.#read(/; */y) !== undefined) {
      this.#expect(KEY)
      if (this.#read(/=/y) !== undefined) this.#item()
    }
  }

  #skip(pattern: RegExp): string {
    return this.#read(pattern) as string
  }

  #expect(pattern: RegExp): string {
    const found = this.#read(pattern)
    if (found === undefined) throw new SyntaxError()
    return found
  }

  /** Reads what a sticky pattern finds here. */
  #read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at = pattern.lastIndex
    return found
  }
}
