import { Readable } from 'node:stream'
import { Cache } from '@diskcache/cache'
import { role } from '../role.ts'

/** What one writer of bodies and metadata does until it is killed. */
export interface MetadataJob {
  readonly directory: string
  readonly writer: number
}

role<MetadataJob, never>(async ({ directory, writer }, barrier) => {
  await using cache = new Cache(directory).promises
  await barrier()
  for (let i = 0; ; i++) {
    const stamp = `${writer}:${i} `
    const body = Buffer.alloc(i % 2 ? 10 : 150_000, stamp)
    await cache.write('key', Readable.from([body.subarray(0, 5), body.subarray(5)]), { metadata: stamp })
  }
})
