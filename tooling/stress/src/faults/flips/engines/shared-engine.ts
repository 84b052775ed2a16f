import { type TemplateEntry, templateEntries } from '../template-entries.ts'
import { diskcacheEngine } from './diskcache-engine.ts'
import type { FlipEngine } from './flip-engine.ts'
import { writeInPython } from './python-process.ts'

/** What Python writes: strings, numbers and bytes, under keys of its own. */
const PYTHONS: readonly TemplateEntry[] = templateEntries({ queues: false })
  .filter(({ versions }) => versions.every(isForBoth))
  .filter((_, i) => i % 3 === 0)
  .map(({ key, versions }) => ({ key: `python ${key}`, way: 'set', versions, isForeign: true }))

/** `Cache` on a directory that Python opens and writes to as well: there, a value without checksum may be Python's. */
export const sharedEngine: FlipEngine = {
  ...diskcacheEngine,
  layouts: ['cache'],
  entries: (layout) => [...diskcacheEngine.entries(layout), ...PYTHONS],
  async write(layout, directory, phase) {
    await diskcacheEngine.write(layout, directory, phase)
    await writeInPython(directory, PYTHONS, phase)
  },
}

function isForBoth(value: unknown): boolean {
  return typeof value !== 'object' || value instanceof Uint8Array
}
