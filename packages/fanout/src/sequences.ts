/** Returns a number below 0 when the first of two items comes first, above 0 when the second does. */
type Compare<T> = (a: T, b: T) => number

/** The next item of a sequence, and what follows it. */
interface Head<T, Rest> {
  readonly value: T
  readonly rest: Rest
}

/** Iterates over one sequence after the other. */
export function* chain<T>(sequences: Iterable<Iterable<T>>): Generator<T> {
  for (const sequence of sequences) yield* sequence
}

/** Iterates over one asynchronous sequence after the other. */
export async function* chainAsync<T>(
  sequences: Iterable<AsyncIterable<T>>,
): AsyncGenerator<T, undefined, undefined> {
  for (const sequence of sequences) yield* sequence
}

/** Merges sorted sequences, which hold nothing that would have to be closed, into one. */
export function* merge<T>(sequences: Iterable<Iterator<T>>, compare: Compare<T>): Generator<T> {
  const heads: Head<T, Iterator<T>>[] = []
  for (const rest of sequences) {
    const { done, value } = rest.next()
    if (!done) insert(heads, { value, rest }, compare)
  }
  for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
    yield head.value
    const { done, value } = head.rest.next()
    if (!done) insert(heads, { value, rest: head.rest }, compare)
  }
}

/** Merges sorted asynchronous sequences into one, like {@link merge}. */
export async function* mergeAsync<T>(
  sequences: Iterable<AsyncIterator<T>>,
  compare: Compare<T>,
): AsyncGenerator<T, undefined, undefined> {
  const heads: Head<T, AsyncIterator<T>>[] = []
  for (const rest of sequences) {
    const { done, value } = await rest.next()
    if (!done) insert(heads, { value, rest }, compare)
  }
  for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
    yield head.value
    const { done, value } = await head.rest.next()
    if (!done) insert(heads, { value, rest: head.rest }, compare)
  }
}

/** Inserts a head among the others, which are sorted and few. */
function insert<T, Rest>(heads: Head<T, Rest>[], head: Head<T, Rest>, compare: Compare<T>): void {
  const place = heads.findIndex(({ value }) => compare(head.value, value) <= 0)
  heads.splice(place === -1 ? heads.length : place, 0, head)
}
