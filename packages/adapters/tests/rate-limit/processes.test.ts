import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'
import { ServedProcess } from '../served-process.ts'

const SERVER = new URL('./processes/server.ts', import.meta.url)

test('limits are exact over processes that count at the same time, and after these were killed', async ({
  directory,
}) => {
  await using children = new AsyncDisposableStack()
  const start = async () => children.use(await ServedProcess.start(SERVER, directory))
  const statuses = async (origins: readonly string[], path: string) => {
    const answers = await Promise.all(origins.map((origin) => fetch(origin + path)))
    await Promise.all(answers.map((answer) => answer.arrayBuffer()))
    return answers.map(({ status }) => status).sort()
  }
  const paths = ['/windows', '/bucket', '/points']
  const [one, two] = await Promise.all([start(), start()])
  const both = Array.from({ length: 24 }, (_, i) => (i % 2 ? one : two).origin)
  const expected = [...Array(20).fill(200), ...Array(4).fill(429)]
  for (const path of paths) expect(await statuses(both, path), path).toEqual(expected)
  await Promise.all([one.kill(), two.kill()])

  const later = await start()
  for (const path of paths) expect(await statuses([later.origin], path), path).toEqual([429])
})
