import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { directoryTest as test } from '@diskcache/testkit'
import { expect } from 'vitest'

const PACKAGE = join(import.meta.dirname, '../..')

/** An application with its own copy of the sources, and with the modules that `links` names. */
function makeApplication(directory: string, links: Record<string, string>): void {
  for (const name of ['keyv', 'store']) {
    cpSync(join(PACKAGE, 'src', name), join(directory, 'adapters', name), { recursive: true })
  }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  mkdirSync(join(directory, 'node_modules'))
  for (const [name, target] of Object.entries({ '@diskcache': '@diskcache', ...links })) {
    symlinkSync(join(PACKAGE, 'node_modules', target), join(directory, 'node_modules', name))
  }
}

async function run(directory: string, source: string): Promise<string> {
  const program = join(directory, 'program.ts')
  writeFileSync(program, source)
  const env = { ...process.env, NODE_OPTIONS: '', NODE_PATH: '' }
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: directory, env })
  return stdout
}

const PROGRAM = `
  import { Keyv } from 'keyv'
  import { createKeyv } from './adapters/keyv/index.ts'
  const keyv = createKeyv('cache', { ttl: 60_000 })
  await keyv.set('key', 'value')
  console.log(keyv instanceof Keyv, keyv.store.constructor.name, await keyv.get('key'))
  await keyv.disconnect()`

test.for([
  ['keyv', 'KeyvStore'],
  ['keyv6', 'KeyvStore6'],
])('createKeyv() works with %s installed', async ([installed, name], { directory }) => {
  makeApplication(directory, { keyv: installed! })
  expect(await run(directory, PROGRAM)).toBe(`true ${name} value\n`)
})

test('KeyvStore works without Keyv, and createKeyv() says what is missing', async ({ directory }) => {
  makeApplication(directory, {})
  const output = await run(
    directory,
    `import { createKeyv, KeyvStore } from './adapters/keyv/index.ts'
     const store = new KeyvStore('cache')
     await store.set('key', 'value')
     console.log(await store.get('key'))
     await store.disconnect()
     try { createKeyv('cache') } catch (error) { console.log(error.message, error.cause.code) }`,
  )
  expect(output).toBe(
    "value\nCannot create a Keyv: the package 'keyv' cannot be loaded; install it, or hand its class in as the option " +
      'Keyv MODULE_NOT_FOUND\n',
  )
})
