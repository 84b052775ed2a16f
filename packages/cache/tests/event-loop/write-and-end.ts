import { Cache } from '@diskcache/cache'

/** Does nothing but await one write, and never closes the cache: `write-and-end.ts DIRECTORY VALUE`. */
const [, , directory, value] = process.argv
await new Cache(directory).promises.set('written', value)
