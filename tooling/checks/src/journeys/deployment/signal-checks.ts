import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { SmokeCheck } from '../../smoke/smoke-check.ts'
import { installGuide } from './guide-files.ts'
import { ask, RunningProgram } from './running-program.ts'

/** What the programs of the guide do when one signal follows another while a request is under way. */
export const SIGNAL_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'deployment: a second signal ends a server at once, also one of another kind',
    run: async (bench) => {
      const folder = await installGuide(bench)
      const env = { HOST: '127.0.0.1', PORT: '0', CACHE_DIRECTORY: 'cache-of-signals' }
      for (const second of ['SIGTERM', 'SIGINT'] as const) {
        using server = new RunningProgram({ words: ['server.mjs'], folder, env })
        using _half = await halfARequest(await server.address())
        process.kill(server.pid, 'SIGINT')
        await server.printed(/SIGINT: closing/)
        process.kill(server.pid, second)
        assert.equal(await server.endedBySignal(), second)
        assert.doesNotMatch(server.output, /closed/)
      }
    },
  },
  {
    title: 'deployment: Ctrl+C, which all processes of a cluster get, lets its workers close in order',
    run: async (bench) => {
      const folder = await installGuide(bench)
      const env = { HOST: '127.0.0.1', PORT: '0', WORKERS: '1', CACHE_DIRECTORY: 'cache-of-ctrl-c' }
      using primary = new RunningProgram({ words: ['cluster.mjs'], folder, env })
      const address = await primary.address()
      const { pid } = await ask(address)
      using half = await halfARequest(address)
      process.kill(pid, 'SIGINT')
      await primary.printed(/SIGINT: closing/)
      process.kill(primary.pid, 'SIGINT')
      const [[answer]] = await Promise.all([once(half.end('\r\n'), 'data'), primary.ended()])
      assert.match(String(answer), /^HTTP\/1\.1 200 /)
      assert.match(primary.output, /SIGINT: closing\nclosed\n$/)
    },
  },
]

/** A request of which the end is still to come, so that the server waits for it. */
async function halfARequest(address: string): Promise<Socket & Disposable> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n')
  await new Promise((resolve) => setTimeout(resolve, 200)) // until the server has taken it
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.destroy() })
}
