/** A process that has the cache in its argument open, and reads or writes for each line that its parent sends. */
import { createInterface } from 'node:readline'
import { Cache } from '@diskcache/cache'

const cache = new Cache(process.argv[2])
cache.get('key-0')
console.log('open')

for await (const command of createInterface(process.stdin)) {
  try {
    console.log(String(command === 'set' ? cache.set('theirs', 'value') : cache.get('ours')))
  } catch (error) {
    console.log((error as { code: string }).code)
  }
}
cache.close()
