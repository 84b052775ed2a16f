import { expect, it } from 'vitest'
import type { LibraryPeer } from '../../peers/libraries/library-peer.ts'
import { OWN_UNDICI_STORE, UNDICI_MEMORY } from '../../peers/libraries/undici-stores.ts'
import type { TriedPromise } from '../../study/promise-trials.ts'
import { promisesTable } from './promises-table.ts'

it('promisesTable() shows what was promised and not kept, and what was kept and not promised', () => {
  const tried = new Map<LibraryPeer, Map<TriedPromise, boolean>>([
    [OWN_UNDICI_STORE, new Map([['kept', false]])],
    [UNDICI_MEMORY, new Map([['kept', true]])],
  ])
  const [ours, memory] = promisesTable([OWN_UNDICI_STORE, UNDICI_MEMORY], tried).rows
  expect(ours?.slice(0, 3)).toEqual(['**UndiciCacheStore**', '✔ (not when it was tried)', '✔ (not tried)'])
  expect(memory?.slice(0, 3)).toEqual([
    'MemoryCacheStore',
    '✘ in memory (not when it was tried)',
    '✘ in memory (not tried)',
  ])
})
