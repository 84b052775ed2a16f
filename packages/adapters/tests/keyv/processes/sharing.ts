/** Shares a directory with whoever started it: answers each key that it is sent with its value, and stores another. */
import { createKeyv } from '../../../src/keyv/index.ts'

const keyv = createKeyv<string>(process.argv[2]!, { namespace: 'shared' })
process.on('message', async (key: string) => {
  const value = await keyv.get(key)
  await keyv.set(`answer to ${key}`, `${value}, seen`)
  process.send?.(value ?? null)
})
process.on('disconnect', () => keyv.disconnect())
process.send?.(null)
