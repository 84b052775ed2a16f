import { cpSync, existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { publicPackages } from './public-packages.ts'
import { runCommand } from './run-command.ts'

/** Who commits in the copy; nobody sees it. */
const COMMITTER = ['-c', 'user.name=check', '-c', 'user.email=check@localhost']

/**
 * Copies what a commit of the working tree would have, and what is built of the public packages, to `destination`, as a
 * repository of its own with its dependencies installed.
 */
export async function copyRepository(root: string, destination: string): Promise<void> {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout: listed } = await runCommand('git', listing, root)
  const built = publicPackages(root).map(({ folder }) => relative(root, join(folder, 'dist')))
  for (const path of [...listed.split('\0').filter(Boolean), ...built]) {
    // A file that was removed is listed until the next commit.
    if (existsSync(join(root, path))) cpSync(join(root, path), join(destination, path), { recursive: true })
  }
  await runCommand('git', ['init', '--quiet'], destination)
  await runCommand('git', ['add', '--all'], destination)
  await runCommand(
    'git',
    [...COMMITTER, 'commit', '--quiet', '--no-verify', '--message', 'Copy'],
    destination,
  )
  await runCommand('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], destination)
}
