/**
 * Returns the signal of a controller, which calls `look` whenever it is asked whether it is aborted: `look` may abort it.
 * So who kept the signal learns of what is over by the clock, also while the event loop is blocked and no timer runs.
 */
export function lostSignal(controller: AbortController, look: () => void): AbortSignal {
  const { signal } = controller
  const isAborted = () => Reflect.get(AbortSignal.prototype, 'aborted', signal) as boolean
  return Object.defineProperties(signal, {
    aborted: {
      get: () => {
        if (!isAborted()) look()
        return isAborted()
      },
    },
    throwIfAborted: {
      value: () => {
        if (signal.aborted) throw signal.reason
      },
    },
  })
}
