import { expect, onTestFinished, test } from 'vitest'
import { describeRedis } from '../../../tests/servers/describe-redis.ts'
import { RedisCluster } from '../../../tests/servers/redis-cluster.ts'
import { connectClient, type RedisServer } from '../../../tests/servers/redis-server.ts'
import type { ClusterClient } from '../redis-client.ts'
import { hashSlot } from './hash-slot.ts'
import { OwnerSearch } from './owner-search.ts'

/** How often a server was asked what the search asks. */
async function timesAsked(server: RedisServer): Promise<number> {
  const client = await connectClient(server.url)
  const stats = /^cmdstat_pttl:calls=(\d+),.*rejected_calls=(\d+)/m.exec(await client.info('commandstats'))
  client.destroy()
  return stats === null ? 0 : Number(stats[1]) + Number(stats[2])
}

/** Gives the slot to another server, without a word to anybody who has a client. */
async function moveSlot(cluster: RedisCluster, slot: number): Promise<void> {
  const target = cluster.servers.find((server) => server !== cluster.serverOf(slot)) as RedisServer
  const nodes = await Promise.all([target, ...cluster.servers].map(({ url }) => connectClient(url)))
  const id = String(await nodes[0]?.sendCommand(['CLUSTER', 'MYID']))
  for (const node of nodes) {
    await node.sendCommand(['CLUSTER', 'SETSLOT', String(slot), 'NODE', id])
    node.destroy()
  }
}

describeRedis('OwnerSearch', () => {
  test('lets node-redis find a new owner, by one question each time', async () => {
    const cluster = await RedisCluster.start()
    onTestFinished(() => cluster.stop())
    const client = await cluster.connect()
    const slot = hashSlot('key')
    const before = client.slots[slot]?.master
    await moveSlot(cluster, slot)
    let searches = 0
    await expect
      .poll(() => {
        if (client.slots[slot]?.master !== before) return true
        const search = new OwnerSearch(client as unknown as ClusterClient)
        search.begin('key')
        search.begin('key')
        searches++
        return false
      })
      .toBe(true)
    const asked = async () => {
      const times = await Promise.all(cluster.servers.map(timesAsked))
      return times.reduce((sum, one) => sum + one)
    }
    await expect.poll(asked).toBe(searches)
    expect(await asked()).toBe(searches)
    client.destroy()
  })
})
