import { diskcacheEngine } from './diskcache-engine.ts'
import type { FlipEngine } from './flip-engine.ts'
import { pythonEngine } from './python-engine.ts'
import { sharedEngine } from './shared-engine.ts'
import { sqliteEngine } from './sqlite-engine.ts'

const ENGINES: Readonly<Record<string, FlipEngine>> = {
  diskcache: diskcacheEngine,
  shared: sharedEngine,
  sqlite: sqliteEngine,
  python: pythonEngine,
}

export function engineNamed(name: string): FlipEngine {
  const engine = ENGINES[name]
  if (engine === undefined) throw new RangeError(`--engine is one of ${Object.keys(ENGINES).join(', ')}`)
  return engine
}
