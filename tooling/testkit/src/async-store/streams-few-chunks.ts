import { expect } from 'vitest'
import { CountedChunks } from '../streams/counted-chunks.ts'
import type { AsyncStoreSuite } from './async-store-suite.ts'

/** Tests that `write()` does not collect a long source in memory. */
export function streamsFewChunks({ name, test, capabilities }: AsyncStoreSuite): void {
  test.runIf(capabilities.streams).for([
    ['without a signal', undefined],
    ['with a signal', new AbortController().signal],
  ] as const)(`${name}: write() holds few chunks of a long source, %s`, async ([, signal], { store }) => {
    const [count, size] = [240, 64 * 1024]
    const source = new CountedChunks(count, size)
    expect(await store.write('film', source, { signal })).toBe(true)
    // Some MiB may wait for the engine at a time.
    expect(source.mostHeld).toBeLessThan(count / 4)
    let length = 0
    for await (const chunk of (await store.read('film'))!) length += chunk.length
    expect(length).toBe(count * size)
  })
}
