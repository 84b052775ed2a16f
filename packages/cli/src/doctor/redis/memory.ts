import { formatBytes } from '../../terminal/sizes.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import type { ServerFacts } from './server-facts.ts'

const UNBOUNDED: Ailment = {
  id: 'no-maxmemory',
  sign: 'remark',
  what: 'The server has no maxmemory',
  why: 'It takes memory until the system ends it, and nothing is ever evicted',
  wayOut: 'Set maxmemory, and maxmemory-policy allkeys-lru or allkeys-lfu for a cache alone',
}

const FULL: Ailment = {
  id: 'full-server',
  sign: 'trouble',
  what: 'The memory of the server is nearly used up, and nothing may be evicted',
  why: 'Writes fail with ERR_DISKCACHE_FULL',
  wayOut:
    'Raise maxmemory, or let it evict: maxmemory-policy allkeys-lru for a cache, volatile-lru beside other data',
}

const REFUSES: Ailment = {
  id: 'no-eviction',
  sign: 'remark',
  what: 'The server evicts nothing (maxmemory-policy noeviction)',
  why: 'That is right for locks and counters; a cache fails with ERR_DISKCACHE_FULL once the memory is used up',
  wayOut: 'For a cache, allkeys-lru or allkeys-lfu, on a server of its own',
}

const EVICTS: Ailment = {
  id: 'evicts-locks',
  sign: 'remark',
  what: 'The server may evict everything',
  why: 'That is right for a cache alone; locks, counters, rate limits and pinned entries may vanish',
  wayOut: 'Keep locks and counters on a server with noeviction',
}

/** From which part of its memory on a server is full. */
const NEARLY = 0.95

/** How much memory the server may take, and what happens then. */
export const memory: Examination<ServerFacts> = {
  name: 'memory',
  ailments: [UNBOUNDED, FULL, REFUSES, EVICTS],
  examine({ info }) {
    const policy = info.get('maxmemory_policy')
    const most = Number(info.get('maxmemory'))
    const used = Number(info.get('used_memory'))
    if (policy === undefined || Number.isNaN(most)) return undefined
    const detail = `${formatBytes(used)} used${most === 0 ? '' : ` of ${formatBytes(most)}`}, ${policy}`
    const ailment = ailmentOf(policy, most, used)
    return ailment === undefined ? detail : [{ ailment, detail } satisfies Symptom]
  },
}

function ailmentOf(policy: string, most: number, used: number): Ailment | undefined {
  if (most === 0) return UNBOUNDED
  if (policy === 'noeviction') return used >= most * NEARLY ? FULL : REFUSES
  return policy.startsWith('allkeys') ? EVICTS : undefined
}
