import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { directoryTest } from '@diskcache/testkit'
import { build, createNitro, prepare } from 'nitropack'
import { expect } from 'vitest'

/** To build an application takes some seconds. */
const test = directoryTest.skipIf(!process.env.DISKCACHE_ALL_PLATFORMS)

/** Builds the application beside this file, with the plugin of the page, and returns its entry. */
async function buildApplication(directory: string): Promise<string> {
  const nitro = await createNitro({
    rootDir: join(import.meta.dirname, 'nitro'),
    compatibilityDate: '2026-01-01',
    preset: 'node-server',
    plugins: ['./plugin.ts'],
    buildDir: join(directory, 'build'),
    output: { dir: join(directory, 'output') },
    typescript: { generateTsConfig: false },
    logLevel: 0,
  })
  await prepare(nitro)
  await build(nitro)
  await nitro.close()
  return join(nitro.options.output.serverDir, 'index.mjs')
}

/** A process of the application, whose working directory holds the cache. */
class NitroProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  readonly #origin: string

  private constructor(child: ChildProcess, ended: Promise<unknown>, origin: string) {
    this.#child = child
    this.#ended = ended
    this.#origin = origin
  }

  static async start(entry: string, cwd: string): Promise<NitroProcess> {
    const env = { ...process.env, NODE_OPTIONS: '', HOST: '127.0.0.1', PORT: '0' }
    const child = spawn(process.execPath, [entry], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    for await (const line of createInterface(child.stdout)) {
      const origin = /Listening on (http:\S+)/.exec(line)?.[1]
      if (origin !== undefined) return new NitroProcess(child, ended, origin)
    }
    throw new Error('The application ended before it listened')
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  async ask(path: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.#origin))
    return response.json()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

test('a cached function of Nitro is computed once for all processes, also after these were killed', async ({
  directory,
}) => {
  const entry = await buildApplication(directory)
  const start = () => NitroProcess.start(entry, directory)
  const answers = { three: '/square?n=3', four: '/square?n=4' }
  let three: unknown
  {
    await using one = await start()
    await using two = await start()
    three = await one.ask(answers.three)
    expect(three).toEqual({ square: 9, by: one.pid })
    expect(await two.ask(answers.three)).toEqual(three)
    expect(await two.ask(answers.four)).toEqual({ square: 16, by: two.pid })
  }
  await using later = await start()
  expect(await later.ask(answers.three)).toEqual(three)
  expect(await later.ask('/square?n=5')).toEqual({ square: 25, by: later.pid })
})
