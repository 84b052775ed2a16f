/** Uses cacheable, with memory before a Keyv in the directory of its argument; prints what it got. */
import { Cacheable } from 'cacheable'
import { createKeyv } from '../../../src/keyv/index.ts'

const cacheable = new Cacheable({ secondary: createKeyv(process.argv[2]!), ttl: '1m' })
const before = [await cacheable.get('a'), ...(await cacheable.getMany(['b', 'missing']))]
let calls = 0
const compute = async () => ({ calls: ++calls })
const computed = await cacheable.getOrSet('computed', compute, { ttl: '1h' })

await cacheable.set('a', { name: 'Ada' })
await cacheable.setMany([{ key: 'b', value: [1, 2] }])
await cacheable.set('gone', 1)
await cacheable.delete('gone')
const has = await cacheable.hasMany(['a', 'b', 'gone'])
await cacheable.disconnect()
console.log(JSON.stringify({ before, calls, computed, has }))
