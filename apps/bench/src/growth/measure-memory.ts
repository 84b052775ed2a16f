import { join } from 'node:path'
import { PeerProcess } from '../peers/peer-process.ts'
import type { Memory } from './growth.ts'
import type { Place } from './growth-places.ts'

const WORKER = join(import.meta.dirname, 'memory-worker.ts')

/** What a process needs that opens a store and uses it for so many reads, and a tenth as many writes. */
export async function measureMemory(places: readonly Place[], reads: number): Promise<Memory[]> {
  const found: Memory[] = []
  for (const { keys, ours, bare } of places) {
    found.push({
      keys,
      ours: await residentBytes('cache', ours, keys, reads),
      bare: await residentBytes('bare', bare, keys, reads),
    })
  }
  return found
}

async function residentBytes(
  kind: 'cache' | 'bare',
  path: string,
  keys: number,
  reads: number,
): Promise<number> {
  await using worker = new PeerProcess(process.execPath, ['--expose-gc', WORKER, kind, path, String(keys)])
  return Number(await worker.ask(`use ${reads}`))
}
