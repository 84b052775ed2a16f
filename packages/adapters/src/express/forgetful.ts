/**
 * Gives what `source` gives, and forgets each chunk when the next one is asked for. A consumer that races each chunk against
 * one long-lived promise, such as that of an abort signal, would otherwise keep all of them to the end: the promise holds
 * on to the results of all races.
 */
export function forgetful<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]()
      let last: { value?: T } = {}
      return {
        async next() {
          delete last.value
          const result = await iterator.next()
          last = result
          return result
        },
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      }
    },
  }
}
