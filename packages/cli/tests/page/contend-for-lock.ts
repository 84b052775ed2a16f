/** Takes a lock of a cache again and again, each time for two seconds: `node contend-for-lock.ts DIRECTORY NAME`. */
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Lock } from '@diskcache/recipes'

const [, , directory = '', name = ''] = process.argv
const lock = new Lock(new Cache(directory), name)
for (;;) {
  await lock.run(() => setTimeout(2000))
  await setTimeout(5000 * Math.random())
}
