import { Cache } from '@diskcache/cache'

using cache = new Cache('pages-cache', {
  sizeLimit: 2 * 1024 ** 2, // bytes on the disk; 1 GiB unless you say so
  ttl: 3_600_000, // of all that is stored without a time of its own
})

for (let number = 1; number <= 10_000; number++) cache.set(`page ${number}`, 'x'.repeat(1_000))

console.log('MiB on the disk:', (cache.volume() / 1024 ** 2).toFixed(1))
console.log('the last page is there:', cache.has('page 10000'))
console.log('pages that are kept:', cache.size)
