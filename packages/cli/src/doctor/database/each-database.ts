import type { DatabaseExamination } from '@diskcache/cache'
import type { Part, Patient } from '../directory/patient.ts'
import type { Ailment, Symptom, Verdict } from '../findings/ailment.ts'

/** What one cache has: an ailment, and what exactly. */
export type Look = (database: DatabaseExamination, part: Part) => readonly Symptom[]

/**
 * Looks at each database that could be read, and returns what is not well, each ailment once for all shards that have it,
 * or the text for when all is; `undefined` where no database could be read.
 */
export function eachDatabase({ parts }: Patient, well: string, look: Look): Verdict {
  const read = parts.filter(({ examination }) => examination.database !== undefined)
  if (read.length === 0) return undefined
  const found = eachPart(read, (part) => look(part.examination.database as DatabaseExamination, part))
  return found.length === 0 ? well : found
}

/** Looks at each part, and returns each ailment once for all parts that have it. */
export function eachPart(parts: readonly Part[], look: (part: Part) => readonly Symptom[]): Symptom[] {
  const found = new Map<Ailment, { detail: string; shards: string[] }>()
  for (const part of parts) {
    for (const { ailment, detail } of look(part)) {
      const known = found.get(ailment)
      if (known === undefined) found.set(ailment, { detail, shards: [part.name] })
      else if (!known.shards.includes(part.name)) known.shards.push(part.name)
    }
  }
  return [...found].map(([ailment, { detail, shards }]) => ({ ailment, detail: `${detail}${where(shards)}` }))
}

function where([first = '', ...others]: readonly string[]): string {
  if (first === '') return ''
  return ` (shard ${first}${others.length === 0 ? '' : `; the like in ${others.length} more`})`
}
