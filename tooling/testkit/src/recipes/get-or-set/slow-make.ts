import { until } from '../until.ts'

/** Returns a function for `getOrSet` that counts its runs, and finishes each when it is told to. */
export function slowMake() {
  const runs: { resolve(value: unknown): void; reject(error: unknown): void; signal: AbortSignal }[] = []
  const make = ({ signal }: { signal: AbortSignal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    runs.push({ resolve, reject, signal })
    return promise
  }
  return { runs, make, begun: (count: number) => until(() => runs.length >= count) }
}
