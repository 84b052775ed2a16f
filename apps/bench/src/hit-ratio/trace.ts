/** Requests for keys, in their order. */
export interface Trace {
  readonly name: string
  /** Where it comes from, by which figures are put together. */
  readonly group: string
  /** The keys, numbered from 0 on in the order in which they are asked for first. */
  readonly requests: Uint32Array
  /** The number of different keys. */
  readonly keys: number
  /** The bytes of each key's value, where they are known. */
  readonly bytes?: readonly number[]
}

/** Numbers the keys of requests. */
export function traceOf(name: string, group: string, asked: readonly (string | number)[]): Trace {
  const numbers = new Map<string | number, number>()
  const requests = Uint32Array.from(asked, (key) => {
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
  return { name, group, requests, keys: numbers.size }
}
