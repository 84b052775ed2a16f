import timers from 'node:timers'
import promises from 'node:timers/promises'

/**
 * Node's timers as they were when this module was loaded, for what waits for something outside this process. A test of the
 * application may have put others in the place of the global functions since, and of the members of Node's modules, which
 * is where CommonJS finds those at each call.
 */
export const realTimers = {
  ...timers,
  /** As `setTimeout` of `node:timers/promises`. */
  delay: promises.setTimeout,
  /** As `setImmediate` of `node:timers/promises`. */
  turn: promises.setImmediate,
}
