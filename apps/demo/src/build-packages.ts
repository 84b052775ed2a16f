import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { formatSeconds } from './output/figures.ts'

/** A build that takes less is nothing to speak of, in milliseconds: everything was built before. */
const SOON = 1_000

/** Builds the packages that the demo uses, unless they are built. Rejects with what the build says when it fails. */
export async function buildPackages(say: (text: string) => void): Promise<void> {
  const start = performance.now()
  const timer = setTimeout(() => say('Building the packages, once …'), SOON)
  const build = spawn(
    'turbo',
    ['run', 'build', '--filter=@diskcache/demo^...', '--output-logs=errors-only', '--ui=stream'],
    { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' },
  )
  const [[code], ...output] = await Promise.all([
    once(build, 'close'),
    text(build.stdout),
    text(build.stderr),
  ])
  clearTimeout(timer)
  if (code !== 0) throw new Error(`The packages cannot be built:\n${output.join('\n')}`)
  const milliseconds = performance.now() - start
  if (milliseconds > SOON) say(`Built in ${formatSeconds(milliseconds)}.\n`)
}
