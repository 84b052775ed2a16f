import type { Cache } from '@diskcache/cache'
import type { Comparison } from '../comparison.ts'
import { InProcess } from '../contender.ts'
import { timesFaster } from '../goal.ts'
import { startPythonDiskcache } from '../peers/python-diskcache.ts'
import { KEYS, keyRotation, valueRotation } from '../workload.ts'

function againstPython(
  operation: 'get' | 'set' | 'incr',
  calls: number,
  callOf: (cache: Cache) => () => unknown,
): Comparison {
  return {
    operation,
    yardstick: `python-diskcache ${operation}`,
    goal: timesFaster(1.6, 2.5),
    calls,
    start(stage) {
      const peer = stage.use(startPythonDiskcache(stage.path('python')))
      return { subject: new InProcess({ call: callOf(stage.cache()) }), yardstick: peer.contender(operation) }
    },
  }
}

/** The model of this project, in the same moment on the same machine, with its default settings. */
export const AGAINST_PYTHON: readonly Comparison[] = [
  againstPython('get', 2_000, (cache) => {
    const keys = keyRotation()
    return () => cache.get(keys.next())
  }),
  againstPython('set', 1_000, (cache) => {
    const [keys, values] = [keyRotation(), valueRotation()]
    return () => cache.set(keys.next(), values.next())
  }),
  againstPython('incr', 1_000, (cache) => {
    const keys = keyRotation()
    cache.setMany(keys.take(KEYS).map((key) => [key, 0]))
    return () => cache.incr(keys.next())
  }),
]
