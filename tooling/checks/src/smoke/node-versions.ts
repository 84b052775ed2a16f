import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Workbench } from './workbench.ts'

export const SUPPORTED_NODES = [22, 24, 26]

/** better-sqlite3 crashes the process there, so that the product has to refuse first. */
export const TOO_OLD_NODE = 20

/** The binary of a version, from the packages that bring it. */
export async function nodeBinary(bench: Workbench, version: number): Promise<string> {
  const folder = await bench.once('nodes', () => installNodes(bench))
  return join(folder, 'node_modules', `node${version}`, 'bin', 'node')
}

/** The package `node` runs npm once more for each version, in a script, which npm 12 refuses; these are the binaries alone. */
async function installNodes(bench: Workbench): Promise<string> {
  const { platform, arch } = process
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  const versions = [TOO_OLD_NODE, ...SUPPORTED_NODES]
  const wanted = versions.map((version) => `node${version}@npm:${prefix}-${platform}-${arch}@${version}`)
  const folder = join(bench.folder, 'nodes')
  mkdirSync(folder)
  await bench.run('npm', ['init', '--yes'], folder)
  await bench.run('npm', ['install', ...wanted], folder)
  return folder
}
