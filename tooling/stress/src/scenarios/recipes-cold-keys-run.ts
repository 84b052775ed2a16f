import { ok, strictEqual } from 'node:assert'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Child, meet, results } from '../../../../packages/cache/tests/processes/child.ts'
import { expectNone } from '../../../../packages/cache/tests/processes/soundness.ts'
import type { ColdKeysJob } from '../workers/recipes/cold-keys.ts'
import { nameOf, openStore, type StorePlace } from '../workers/recipes/open-store.ts'

export interface ColdKeysPlan extends StorePlace {
  /** For files that count. */
  readonly notes: string
  /** How many keys, one after the other. */
  readonly keys: number
}

const WORKER = new URL('../workers/recipes/cold-keys.ts', import.meta.url)
const PROCESSES = 8
const CALLERS = 25
const LIMIT = 120_000

/** Milliseconds; long enough for a process to renew it that waits for its turn on a core. */
const LEASE = 3_000

/** Many callers in several processes find a key cold in the same moment: it is computed once. */
export async function coldKeysRun({ notes, keys, ...place }: ColdKeysPlan): Promise<string> {
  mkdirSync(notes, { recursive: true })
  openStore(place).close()
  const files = Array.from({ length: keys }, (_, i) => join(notes, `key ${i}`))
  const job = { ...place, callers: CALLERS, lease: LEASE }
  const values = await computeAll({ ...job, keys: files, kills: false })
  for (const [i, file] of files.entries())
    expectComputed(
      1,
      file,
      values.map((all) => all[i] as string[]),
    )
  const deadly = join(notes, 'deadly key')
  await computeDeadly({ ...job, keys: [deadly], kills: true })
  using store = openStore(place)
  expectNone(store.check(), 'check()')
  return (
    `${nameOf(place)}: ${PROCESSES} × ${CALLERS} callers on each of ${keys} cold keys: computed once; ` +
    'when the process is killed that computes, once more'
  )
}

async function computeAll(job: ColdKeysJob): Promise<string[][][]> {
  const children = start(job)
  for (const _ of job.keys) await meet(children)
  return results(children)
}

async function computeDeadly(job: ColdKeysJob): Promise<void> {
  const children = start(job)
  await meet(children)
  const outcomes = await Promise.allSettled(children.map(({ result }) => result))
  const killed = outcomes.filter((outcome) => outcome.status === 'rejected')
  strictEqual(killed.length, 1, killed.map(({ reason }) => String(reason)).join('\n'))
  ok(String(killed[0]?.reason).includes('SIGKILL'), String(killed[0]?.reason))
  const values = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value.flat())
  expectComputed(2, job.keys[0] as string, values)
}

function start(job: ColdKeysJob): Child<string[][]>[] {
  return Array.from({ length: PROCESSES }, () => Child.process<string[][]>(WORKER, job, { limit: LIMIT }))
}

/** All callers of all processes got what the last of so many runs gave. */
function expectComputed(times: number, file: string, values: readonly (readonly string[])[]): void {
  strictEqual(readFileSync(file, 'utf8').length, times, `${file} was computed more than ${times} times`)
  for (const own of values) strictEqual(own.length, CALLERS)
  strictEqual(new Set(values.flat()).size, 1, `callers got different values for ${file}`)
}
