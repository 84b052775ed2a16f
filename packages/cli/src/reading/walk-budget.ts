/** The characters of a text that are written in the time of one part of a value. */
const CHARACTERS_PER_PART = 256

/** An object is written in the time of so many other parts. */
const PARTS_OF_OBJECT = 8

/** Larger numbers are written in the time of so many parts, and the largest not at all: it takes the square of their length. */
const LARGE_NUMBERS: readonly (readonly [from: bigint, parts: number])[] = [
  [1n << 65_536n, Infinity],
  [1n << 4_096n, 2_000],
  [1n << 64n, 64],
]

/** What of a value is walked: so deep, and so many items of each list in it. */
export interface WalkBounds {
  readonly depth: number
  readonly items: number
  readonly characters: number
}

/**
 * The parts of a value that may still be walked. A part that is there twice is walked twice: a value of a few hundred
 * bytes may have millions of them.
 */
export class WalkBudget {
  #parts: number

  constructor(parts: number) {
    this.#parts = parts
  }

  /** Takes parts, and returns whether there were so many. */
  take(parts: number): boolean {
    this.#parts -= parts
    return !this.isSpent
  }

  /** Whether there were less than were to be taken. */
  get isSpent(): boolean {
    return this.#parts < 0
  }

  /** Returns whether there are so many, of which none is taken then; otherwise the budget is spent. */
  has(parts: number): boolean {
    return this.#parts >= parts || this.take(Infinity)
  }

  /** Takes what it costs to write a text. */
  takeText(length: number): boolean {
    return this.take(1 + length / CHARACTERS_PER_PART)
  }
}

/** Returns whether all that `util.inspect` writes of a value within the bounds is within a budget. */
export function isWithin(budget: WalkBudget, value: unknown, bounds: WalkBounds): boolean {
  if (typeof value === 'string') return budget.takeText(Math.min(value.length, bounds.characters))
  if (typeof value === 'bigint') return budget.take(partsOfNumber(value))
  if (typeof value !== 'object' || value === null) return budget.take(1)
  // What is deeper is a name in brackets.
  if (!budget.take(PARTS_OF_OBJECT) || bounds.depth < 0) return budget.take(0)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return budget.take(1 + Math.min(value.byteLength, bounds.items))
  const within = { ...bounds, depth: bounds.depth - 1 }
  for (const part of partsOf(value, bounds.items)) if (!isWithin(budget, part, within)) return false
  return true
}

/** Returns whether a number is too large to be written in decimal digits. */
export function isTooLarge(value: unknown): boolean {
  return typeof value === 'bigint' && partsOfNumber(value) === Infinity
}

function partsOfNumber(value: bigint): number {
  return LARGE_NUMBERS.find(([from]) => value >= from || value <= -from)?.[1] ?? 1
}

function* partsOf(value: object, items: number): Generator {
  if (Array.isArray(value)) {
    yield* value.slice(0, items)
    // An array may have names beside its items.
    if (Object.keys(value).length > value.length) yield* Object.entries(value).slice(value.length).flat()
    return
  }
  if (value instanceof Map || value instanceof Set) {
    let left = items
    for (const entry of value.entries()) {
      if (left-- <= 0) break
      yield* entry
    }
  }
  if (value instanceof Error) yield* [value.stack, value.cause, (value as { errors?: unknown }).errors]
  for (const [name, part] of Object.entries(value)) {
    yield name
    yield part
  }
}
