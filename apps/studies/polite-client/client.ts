import { Cache } from '@diskcache/cache'
import { throttle } from '@diskcache/recipes'

const [, , address = ''] = process.argv
const cache = new Cache('client-cache').promises

// At most 5 at once, and 5 in half a second after that, of all processes together.
const ask = throttle(cache, (path: string) => fetch(address + path), { name: 'api', count: 5, per: 500 })

for (let number = 1; number <= 10; number++) {
  const response = await ask(`/item/${number}`)
  process.send?.(response.status)
}
await cache.close()
process.disconnect?.()
