import { expect, it } from 'vitest'
import { latenessOf } from './lateness.ts'

it('latenessOf() is 0 where readers see writes at once, and undefined where they never do', async () => {
  const shared = new Map<string, string>()
  expect(await latenessOf(shared, shared)).toBe(0)
  expect(await latenessOf(new Map<string, string>(), shared)).toBeUndefined()
})

it('latenessOf() tells how long the old value was read', async () => {
  const [reader, writer] = [new Map<string, string>(), new Map<string, string>()]
  const get = (key: string) => {
    const value = reader.get(key)
    for (const entry of writer) reader.set(...entry)
    return value
  }
  expect(await latenessOf({ get }, writer)).toBeGreaterThan(0)
})
