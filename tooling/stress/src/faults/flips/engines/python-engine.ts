import type { Findings } from '../findings.ts'
import { newValue, type TemplateKey, type TemplateValue, templateEntries } from '../template-entries.ts'
import { keysToWrite } from '../write-again.ts'
import type { FlipEngine } from './flip-engine.ts'
import { decode, encode, PythonProcess, type Seen, writeInPython } from './python-process.ts'

const ENTRIES = templateEntries({ queues: false })

/** One for all trials of a process. */
let python: PythonProcess | undefined

/** python-diskcache on a directory of its own, by the same judge. */
export const pythonEngine: FlipEngine = {
  layouts: ['python'],
  entries: () => ENTRIES,
  write: (_layout, directory, phase) => writeInPython(directory, ENTRIES, phase),
  async tidy(_layout, directory) {
    const python = new PythonProcess()
    await python.send('tidy', directory)
    await python.end()
  },
  isTyped: (error) => (error as { isTyped?: boolean }).isTyped === true,
  async judge(_layout, directory, random, findings) {
    python ??= new PythonProcess()
    const keys = ENTRIES.map(({ key }) => key)
    const changes = keysToWrite(ENTRIES, random).map((key) => [key, newValue(random, key)] as const)
    const encoded = changes.map(([key, value]) => [key, encode(value)])
    const seen = (await python.send('judge', directory, keys, encoded)) as Seen[]
    for (const one of seen) tell(one, new Map(changes), findings)
  },
}

function tell(seen: Seen, changes: ReadonlyMap<TemplateKey, TemplateValue>, findings: Findings): void {
  const { how, error } = seen
  const key = decode(seen.key) as TemplateKey
  const value = decode(seen.value)
  if (error !== undefined) {
    findings.failed(how, Object.assign(new Error(error), { isTyped: seen.typed }))
    if (how === 'open' || how === 'set') findings.refused(`${how} threw ${error}`)
  } else if (how === 'keys') for (const name of value as unknown[]) findings.observeKey('keys', decode(name))
  else if (how === 'get') findings.observe(how, key, value)
  else if (how === 'get again') {
    if (value === undefined) findings.refused(`${key} is not kept`)
    findings.expect(key, changes.get(key))
    findings.observe(how, key, value)
  }
}
