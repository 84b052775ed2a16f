import type { Ailment, Examination } from '../findings/ailment.ts'
import type { ServerFacts } from './server-facts.ts'

const FAILED: Ailment = {
  id: 'failed-persistence',
  sign: 'trouble',
  what: 'The server could not save its data',
  why: 'It refuses writes then, unless stop-writes-on-bgsave-error is off, and a restart loses what was written since',
  wayOut: 'Look into its log: mostly the disk is full, or its directory cannot be written',
}

const NONE: Ailment = {
  id: 'no-persistence',
  sign: 'remark',
  what: 'The server saves nothing, or not for long',
  why: 'None is needed for a cache; locks with tokens, counters and rate limits are forgotten at a restart',
  wayOut: 'For those, appendonly yes with appendfsync everysec',
}

/** Whether a restart of the server loses what is stored. */
export const persistence: Examination<ServerFacts> = {
  name: 'persistence',
  ailments: [FAILED, NONE],
  examine({ info }) {
    const appends = info.get('aof_enabled')
    if (appends === undefined) return undefined
    const failed = ['rdb_last_bgsave_status', 'aof_last_bgrewrite_status', 'aof_last_write_status'].filter(
      (name) => (info.get(name) ?? 'ok') !== 'ok',
    )
    if (failed.length > 0) return [{ ailment: FAILED, detail: failed.join(', ') }]
    if (appends === '1') return 'an append-only file'
    return [
      {
        ailment: NONE,
        detail: 'no append-only file; snapshots, if any, have what was there before the last one',
      },
    ]
  },
}
