import { Cache } from '@diskcache/cache'

/** Leaves a cache open that has been used through both faces, with reads that are yet to be noted. */
const [, , directory] = process.argv
const cache = new Cache(directory, { evictionPolicy: 'least-recently-used', statistics: true })
await cache.promises.set('key', 'value')
await cache.promises.get('key')
cache.get('key')
