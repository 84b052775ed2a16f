import { fork } from 'node:child_process'
import { once } from 'node:events'
import { directoryTest as test } from '@diskcache/testkit'
import { createStorage, type Storage } from 'unstorage'
import http from 'unstorage/drivers/http'
import { expect } from 'vitest'

const SERVER = new URL('./processes/storage-server.ts', import.meta.url)

/** A storage server in a process of its own, and a storage that asks it. */
class ServerProcess {
  readonly storage: Storage
  readonly #child: ReturnType<typeof fork>
  readonly #ended: Promise<unknown>

  private constructor(child: ReturnType<typeof fork>, ended: Promise<unknown>, port: number) {
    this.#child = child
    this.#ended = ended
    this.storage = createStorage({ driver: http({ base: `http://127.0.0.1:${port}/` }) })
  }

  static async start(directory: string): Promise<ServerProcess> {
    const child = fork(SERVER, [directory], { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } })
    const ended = once(child, 'exit')
    const [port] = await once(child, 'message')
    return new ServerProcess(child, ended, port)
  }

  async kill(): Promise<unknown> {
    this.#child.kill('SIGKILL')
    return this.#ended
  }

  async end(): Promise<unknown> {
    this.#child.disconnect()
    return this.#ended
  }
}

test('diskcacheDriver(): two storage servers share a directory, and one comes back after a kill', async ({
  directory,
}) => {
  const [here, there] = await Promise.all([ServerProcess.start(directory), ServerProcess.start(directory)])
  await here.storage.setItem('users:1', { name: 'Ada' })
  expect(await there.storage.getItem('users:1')).toEqual({ name: 'Ada' })
  await there.storage.setItemRaw('images:1', Buffer.from([0, 255]))
  await there.storage.setItem('short', 1, { ttl: 3_600 })
  expect(await here.kill()).toEqual([null, 'SIGKILL'])

  const again = await ServerProcess.start(directory)
  expect(await again.storage.getItem('users:1')).toEqual({ name: 'Ada' })
  expect(Buffer.from((await again.storage.getItemRaw<ArrayBuffer>('images:1'))!)).toEqual(
    Buffer.from([0, 255]),
  )
  expect(await again.storage.getMeta('short')).toMatchObject({ status: 200 })
  await again.storage.removeItem('users:1')
  expect(await there.storage.hasItem('users:1')).toBe(false)
  expect((await there.storage.getKeys()).sort()).toEqual(['images:1', 'short'])
  expect(await Promise.all([there.end(), again.end()])).toEqual([
    [0, null],
    [0, null],
  ])
})
