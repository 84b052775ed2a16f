import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const HOOK = new URL('./without-better-sqlite3.ts', import.meta.url).href
const INDEX = new URL('../src/index.ts', import.meta.url).href

async function run(program: string): Promise<string> {
  const args = ['--import', HOOK, '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return stdout.trim()
}

test('the package needs no better-sqlite3', async () => {
  const program = `
    const { RedisStore } = await import(${JSON.stringify(INDEX)})
    const store = new RedisStore({ url: 'redis://127.0.0.1:1' })
    await store.set('key', new Map()).catch((error) => console.log(error.code))
    await store.close()`
  expect(await run(program)).toBe('ERR_DISKCACHE_ENGINE')
  await expect(run(`await import('better-sqlite3')`)).rejects.toThrow('not installed here')
})
