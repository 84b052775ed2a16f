import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Workbench } from '../../smoke/workbench.ts'
import { installGuide, readGuideFile } from './guide-files.ts'

/** What the Dockerfile of the guide makes. */
export interface Image {
  /** `/app`. */
  readonly folder: string
  /** `/var/cache/app`, as its volume begins. */
  readonly volume: string
}

/** Goes through the Dockerfile of the guide without Docker, once: its commands run here, on the packed packages. */
export function makeImage(bench: Workbench): Promise<Image> {
  return bench.once('image', async () => {
    const guide = await installGuide(bench)
    const [folder, volume] = [join(bench.folder, 'image'), join(bench.folder, 'volume')]
    // Another user has to reach what stands in there.
    chmodSync(bench.folder, 0o711)
    mkdirSync(folder, { mode: 0o755 })
    for (const name of ['package.json', 'package-lock.json', 'server.mjs'])
      copyFileSync(join(guide, name), join(folder, name))
    await bench.run('sh', ['-ec', commandOf('npm ci')], folder)
    await bench.run('sh', ['-ec', commandOf('install').replace('/var/cache/app', '"$0"'), volume], folder)
    return { folder, volume }
  })
}

/** The command of the Dockerfile that begins so; the users of the image by their numbers, as nobody has that name here. */
function commandOf(beginning: string): string {
  const command = new RegExp(`^RUN (${beginning} .*)$`, 'm').exec(readGuideFile('Dockerfile'))?.[1]
  assert.ok(command, `the Dockerfile does not run ${beginning}`)
  return command.replace('-o node -g node', '-o 1000 -g 1000')
}
