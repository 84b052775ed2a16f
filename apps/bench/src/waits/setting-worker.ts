/**
 * One of several processes that only set, as often as they can. Reads lines from its parent and answers each with a
 * line: `open`, and `run` with a moment in milliseconds since the epoch and how long, which is answered with a
 * `SettingReport`. Arguments: who waits, `sleep` or `handler`, and the directory.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { LatencyRecorder } from '../peers/latencies.ts'
import { keyRotation, valueRotation } from '../workload.ts'
import { waitBySqlite } from './patient-engine.ts'
import type { SettingReport } from './setting-report.ts'

const [, , waiting, directory] = process.argv
if (waiting === 'handler') waitBySqlite()
// Not before: it would have the engine as it is.
const { Cache } = await import('@diskcache/cache')
const cache = new Cache<string, string>(directory, { timeout: 60_000 })
const [keys, values] = [keyRotation(), valueRotation()]

for await (const line of createInterface({ input: process.stdin })) {
  const [command, moment, duration] = line.split(' ')
  console.log(JSON.stringify(command === 'open' ? cache.size : await run(Number(moment), Number(duration))))
}
cache.close()

async function run(moment: number, duration: number): Promise<SettingReport> {
  // Other processes begin elsewhere, so that not all write the same keys in the same order.
  keys.take(process.pid % 997)
  values.take(process.pid % 997)
  await sleep(Math.max(0, moment - Date.now()))
  const recorder = new LatencyRecorder()
  const begin = performance.now()
  let [sets, longest, now] = [0, 0, begin]
  for (const end = begin + duration; now < end; sets++) {
    const start = now
    cache.set(keys.next(), values.next())
    now = performance.now()
    recorder.add(now - start)
    longest = Math.max(longest, now - start)
  }
  return { sets, seconds: (now - begin) / 1e3, longest, latencies: recorder.latencies() }
}
