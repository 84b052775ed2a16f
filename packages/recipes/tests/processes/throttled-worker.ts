import { Cache } from '@diskcache/cache'
import { throttle } from '../../src/index.ts'
import { hear, job, tell } from './job.ts'

const { directory, duration } = await job<{ directory: string; duration: number }>()
const cache = new Cache(directory)
const now = throttle(cache, () => process.hrtime.bigint(), { name: 'now', count: 20, per: 1_000 })
tell('ready')

await hear()
const times: bigint[] = []
const end = performance.now() + duration
while (performance.now() < end) times.push(await now())
tell(times)
