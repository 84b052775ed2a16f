import { Cache } from '@diskcache/cache'
import { HOT_KEY, type HotKeyJob, type HotKeyReport } from './hot-key.ts'
import { Random } from './random.ts'
import { role } from './role.ts'
import { checkStamped, FILE_FORMS, stamped } from './stamped-value.ts'

role<HotKeyJob, HotKeyReport>(async ({ directory, id, seed, writes, duration }, barrier) => {
  using cache = new Cache(directory)
  const random = new Random(seed, id)
  await barrier()
  const report = { operations: 0, misses: 0 }
  for (const end = Date.now() + duration; Date.now() < end; report.operations++) {
    if (writes) write(cache, random, report.operations)
    else if (!sees(cache)) report.misses++
  }
  return report
})

function write(cache: Cache, random: Random, sequence: number): void {
  const stamp = { key: HOT_KEY, writer: 0, sequence }
  cache.set(HOT_KEY, stamped(stamp, random.pick(FILE_FORMS), random), { pin: true })
}

function sees(cache: Cache): boolean {
  const value = cache.get(HOT_KEY)
  if (value === undefined) return false
  if (value !== 'not yet replaced') checkStamped(HOT_KEY, value)
  return true
}
