import type { ListedEntry } from '@diskcache/core'
import { entryView, PAGE_LIMITS } from '../../../reading/entry-view.ts'
import type { Target } from '../../../reading/targets/target.ts'
import { type ValueView, viewValue } from '../../../reading/value-view.ts'
import type { EntryDetail } from '../../protocol/api.ts'
import { askedKey } from './asked-key.ts'
import { findEntry, found } from './find-entry.ts'
import { mostInflated, whyTooLarge } from './value-limit.ts'

/** Returns an entry with its value, if that is not too large. */
export async function entryDetail(target: Target, id: string, mostBytes: number): Promise<EntryDetail> {
  const key = askedKey(id)
  const entry = found(await findEntry(target, key, id))
  const problem = whyTooLarge(entry, mostBytes)
  const options = { mostBytes: mostInflated(mostBytes) }
  const value = problem === undefined ? found(await viewValue(target, key, options)) : unread(entry, problem)
  return { entry: entryView(entry, Date.now(), PAGE_LIMITS), value }
}

function unread({ bytes }: ListedEntry, problem: string): ValueView {
  return { form: 'hex', type: 'unknown', text: '', isCut: true, bytes, problem }
}
