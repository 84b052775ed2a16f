import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often all garbage is collected, and how long requests are served between, in milliseconds. */
const COLLECTIONS = 8
const PAUSE_MS = 20

/**
 * Makes a process that has just begun to serve like one that has served for a while. V8 forgets what it has learned of
 * objects that do not live when it collects all garbage, and of those that Node makes for each request it does not learn the
 * same again: each costs up to a third more from then on. A server with little code may have no such collection in the time
 * of a measurement, one that loads more has several as it starts, and the difference would count as what the latter does.
 */
export function ageProcess(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let left = COLLECTIONS
  const timer = setInterval(() => {
    collect()
    if (--left === 0) clearInterval(timer)
  }, PAUSE_MS)
}
