import { hitRatio, lru, s3Fifo } from '@diskcache/simulation'
import { expect, test } from 'vitest'
import { Stage } from '../measuring/stage.ts'
import { cacheOfSize } from './cache-of-size.ts'
import { Replay } from './replay.ts'
import { syntheticTraces } from './synthetic-traces.ts'

test('A cache with the policy s3-fifo keeps about what the policy would, and more than lru() where there are scans', async () => {
  await using stage = new Stage()
  const scans = syntheticTraces(15_000).find(({ name }) => name === 'Zipf with scans')!
  const replay = new Replay(cacheOfSize(stage, 300, 's3-fifo'))
  const ratio = hitRatio(scans.requests, replay.ask)
  expect(Math.abs(replay.held - 300)).toBeLessThan(15)
  expect(Math.abs(ratio - hitRatio(scans.requests, s3Fifo(replay.held)))).toBeLessThan(0.02)
  expect(ratio).toBeGreaterThan(hitRatio(scans.requests, lru(replay.held)))
})
