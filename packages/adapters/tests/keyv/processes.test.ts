import { fork } from 'node:child_process'
import { once } from 'node:events'
import { directoryTest as test } from '@diskcache/testkit'
import type { Keyv } from 'keyv'
import { Keyv as Keyv6 } from 'keyv6'
import { expect } from 'vitest'
import { createKeyvOf } from '../../src/keyv/create-keyv.ts'
import { createKeyv } from '../../src/keyv/index.ts'

const SHARING = new URL('./processes/sharing.ts', import.meta.url)

test('createKeyv(): two processes see at once what the other does', async ({ directory }) => {
  const child = fork(SHARING, [directory], { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } })
  const ended = once(child, 'exit')
  await once(child, 'message')
  const keyvs = [
    createKeyv<string>(directory, { namespace: 'shared' }),
    createKeyvOf<Keyv<string>>(Keyv6 as never, directory, { namespace: 'shared' }),
  ]
  for (const [index, keyv] of keyvs.entries()) {
    const key = `key ${index}`
    await keyv.set(key, 'value', 60_000)
    child.send(key)
    expect(await once(child, 'message')).toEqual(['value', undefined])
    expect(await keyv.get(`answer to ${key}`)).toBe('value, seen')
    await keyv.clear()
    child.send(key)
    expect(await once(child, 'message')).toEqual([null, undefined])
  }
  child.disconnect()
  expect(await ended).toEqual([0, null])
  for (const keyv of keyvs) await keyv.disconnect()
})
