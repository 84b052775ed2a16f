import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { getOrSet } from '@diskcache/recipes'
import { RedisStore } from '@diskcache/redis'

await using store = new RedisStore({ url: process.env.REDIS_URL, prefix: 'app' })

if (process.send === undefined) {
  // Two application processes, which could as well be on two machines.
  const processes = [fork(import.meta.filename), fork(import.meta.filename)]
  const answers = await Promise.all(processes.map((child) => once(child, 'message')))
  const [first, second] = answers.map(([message]) => message.exchangeRates)
  assert.deepEqual(first, second)
  assert.equal(await store.get('requests'), 1)
} else {
  const exchangeRates = await getOrSet(store, 'exchange rates', async () => {
    await store.incr('requests')
    await delay(50)
    return { EUR: 1, USD: Math.random() }
  })
  process.send({ exchangeRates })
}
