import { createHash } from 'node:crypto'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { ServedProcess } from '../../../packages/adapters/tests/served-process.ts'

const SERVER = new URL('./apollo/server.ts', import.meta.url)
const query = '{ madeBy }'
const sha256Hash = createHash('sha256').update(query).digest('hex')
const extensions = { persistedQuery: { version: 1, sha256Hash } }

async function ask({ origin }: ServedProcess, body: object): Promise<{ data?: unknown; errors?: unknown[] }> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(origin, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}

test('Apollo: queries and responses are there for all processes, and after these were killed', async ({
  directory,
}) => {
  await using children = new AsyncDisposableStack()
  const start = async () => children.use(await ServedProcess.start(SERVER, directory))
  const [one, two] = await Promise.all([start(), start()])
  expect((await ask(one, { extensions })).errors).toMatchObject([{ message: 'PersistedQueryNotFound' }])
  const first = await ask(one, { query, extensions })
  expect(first).toEqual({ data: { madeBy: expect.any(Number) } })
  await expect.poll(() => ask(two, { extensions })).toEqual(first)
  await Promise.all([one.kill(), two.kill()])
  expect(await ask(await start(), { extensions })).toEqual(first)
})
