import { Cache, copyDirectory } from '@diskcache/cache'

/** Copies a cache as a user who may read it and not write, and answers with what is in the copy. */
const [source = '', target = '', uid = ''] = process.argv.slice(2)
if (uid !== '') process.setuid?.(Number(uid))

const [copied] = await copyDirectory(source, target)
using cache = new Cache(target)
console.log(
  JSON.stringify([copied?.problems, [...cache.keys()].sort(), (cache.get('large') as string).length]),
)
