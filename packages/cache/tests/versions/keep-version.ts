/**
 * Keeps a directory as the built package of today writes it, under the version in package.json, or under the one that is
 * given. It is committed, and every later version has to read it. One that is there is never written again.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { fill, SETTINGS, WRITTEN } from './samples.ts'

const MANIFEST = join(import.meta.dirname, '../../package.json')

async function keepVersion(version: string, directory: string): Promise<void> {
  mkdirSync(directory)
  try {
    const cache = new Cache(directory, { ...SETTINGS, clock: () => WRITTEN })
    await fill(cache, version)
    cache.close()
    // SQLite removes its log when the last process closes the database; without that, the copy would lack what is in it.
    if (existsSync(join(directory, 'cache.db-wal'))) throw new Error('The write-ahead log is still there')
  } catch (error) {
    rmSync(directory, { recursive: true })
    throw error
  }
}

const manifest: { version: string } = JSON.parse(readFileSync(MANIFEST, 'utf8'))
const version = process.argv[2] ?? manifest.version
const directory = join(import.meta.dirname, version)
if (existsSync(directory)) console.log(`${version} is kept already`)
else {
  await keepVersion(version, directory)
  console.log(`Kept ${directory}`)
}
