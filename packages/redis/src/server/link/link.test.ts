import { expect } from 'vitest'
import { describeRedis } from '../../../tests/servers/describe-redis.ts'
import { connectClient } from '../../../tests/servers/redis-server.ts'
import { redisTest } from '../../../tests/servers/redis-test.ts'
import { PlainCommand } from '../command.ts'
import { DeadlineWatch } from '../deadline.ts'
import type { ServerClient } from '../redis-client.ts'
import { Link } from './link.ts'

describeRedis('Link.toldUntil', () => {
  const test = redisTest()

  test('is when that was sent whose answer was there before what is answered now was sent', async ({
    server,
  }) => {
    const client = await connectClient(server.url)
    const link = Link.of(client as unknown as ServerClient)
    const watch = new DeadlineWatch(10_000)
    const send = (...words: string[]) =>
      watch.run((deadline) => link.send(new PlainCommand(words), deadline).catch(() => {}))
    expect([link.answeredUntil, link.toldUntil]).toEqual([-Infinity, -Infinity])
    // Redis may have found both at the same time.
    await Promise.all([send('PING'), send('PING')])
    const first = link.answeredUntil
    expect(first).toBeGreaterThan(0)
    expect(link.toldUntil).toBe(-Infinity)
    await send('PING')
    expect(link.toldUntil).toBe(first)
    const { answeredUntil } = link
    await send('NO-SUCH-COMMAND')
    expect([link.answeredUntil, link.toldUntil]).toEqual([answeredUntil, first])
    await send('QUIT')
    await expect.poll(() => link.toldUntil).toBe(-Infinity)
    client.destroy()
  })
})
