import { setTimeout } from 'node:timers/promises'
import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import type { Findings } from './findings.ts'
import { newValue, type TemplateEntry, type TemplateKey, type TemplateValue } from './template-entries.ts'
import type { Face } from './ways-to-read.ts'

/** How long a cache may refuse writes, from the first one that it refuses, in milliseconds. */
export const PATIENCE = 1_000
const PAUSE = 20

/** How many keys of the template are written again, and how many others. */
const KNOWN = 12
const NEW = 4

/** Writes keys until all of them are kept; gives the keys, and tells of those that are not. */
export async function writeAgain(
  face: Face,
  entries: readonly TemplateEntry[],
  random: Random,
  findings: Findings,
): Promise<TemplateKey[]> {
  const keys = keysToWrite(entries, random)
  let deadline: number | undefined
  for (const key of keys) {
    const value = newValue(random, key)
    for (;;) {
      const refusal = await refusalOf(face, key, value, findings)
      if (refusal === undefined) break
      deadline ??= performance.now() + PATIENCE
      if (performance.now() > deadline) {
        findings.refused(`set(${JSON.stringify(key)}) ${refusal}`)
        break
      }
      await setTimeout(PAUSE)
    }
  }
  return keys
}

/** Some keys that are in the template, and some that are not. */
export function keysToWrite(entries: readonly TemplateEntry[], random: Random): TemplateKey[] {
  const known = Array.from({ length: KNOWN }, () => random.pick(entries).key)
  return [...new Set([...known, ...Array.from({ length: NEW }, (_, i) => `new ${i}`)])]
}

/** Writes once. Gives what is wrong with that; `undefined` when the value is kept. */
async function refusalOf(
  face: Face,
  key: TemplateKey,
  value: TemplateValue,
  findings: Findings,
): Promise<string | undefined> {
  try {
    if (!(await face.set(key, value))) return 'gave false'
    const kept = await face.get(key)
    if (kept === undefined) return 'is not kept'
    findings.expect(key, value)
    findings.observe('get', key, kept)
    return undefined
  } catch (error) {
    findings.failed('set', error)
    return `threw ${(error as Error).message}`
  }
}
