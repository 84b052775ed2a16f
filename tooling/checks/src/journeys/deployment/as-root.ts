import { execFileSync } from 'node:child_process'
import { Skipped } from '../../report-check.ts'

/** The user that the image `node` has, and that nobody needs to have on this machine. */
export const OTHER_USER = 1000

/** Words that run a program as another user of this machine. */
export const AS_OTHER_USER = [
  'setpriv',
  `--reuid=${OTHER_USER}`,
  `--regid=${OTHER_USER}`,
  '--clear-groups',
  '--no-new-privs',
]

/** Skips a check where namespaces cannot be made, which takes Linux and root. */
export function needNamespaces(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Skipped('it needs root on Linux')
  try {
    execFileSync('unshare', ['--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' })
  } catch {
    throw new Skipped('this machine lets nobody make namespaces')
  }
}

/** Skips a check where the other user cannot run this Node. */
export function needOtherUser(): void {
  needNamespaces()
  const [command = '', ...words] = AS_OTHER_USER
  try {
    execFileSync(command, [...words, process.execPath, '--version'], { stdio: 'ignore' })
  } catch {
    throw new Skipped('another user cannot run this Node')
  }
}

/**
 * What to give to `unshare` to run a shell script, with `words` as `$0` and so on, in namespaces of its own: its mounts are gone
 * with it, and it has process ids of its own.
 */
export function inContainer(script: string, words: readonly string[]): string[] {
  return ['--mount', '--pid', '--fork', 'sh', '-ec', `mount --make-rprivate /\n${script}`, ...words]
}
