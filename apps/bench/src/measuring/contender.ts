/** One of those that are compared. */
export interface Contender {
  /** Makes so many calls; gives milliseconds. */
  time(calls: number): number | Promise<number>
}

export interface CallOptions {
  /** The next call begins when this one is done: when it returns, or when the promise that it gives resolves. */
  readonly call: () => unknown
  /** Restores what the calls use up, outside the timing. */
  readonly prepare?: () => unknown
  /** The database whose frames are to be counted. */
  readonly database?: string
}

/** A contender that runs in this process. */
export function inProcess({ call, prepare = () => {} }: CallOptions): Contender {
  return {
    async time(calls) {
      await prepare()
      return timeCalls(call, calls)
    },
  }
}

/** Gives milliseconds. */
export async function timeCalls(call: () => unknown, calls: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < calls; i++) {
    const result = call()
    if (result instanceof Promise) await result
  }
  return performance.now() - start
}
