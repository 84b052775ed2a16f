import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SmokeCheck } from '../../smoke/smoke-check.ts'
import type { Workbench } from '../../smoke/workbench.ts'
import { AS_OTHER_USER, inContainer, needNamespaces, needOtherUser, OTHER_USER } from './as-root.ts'
import { readGuideFile } from './guide-files.ts'
import { type Image, makeImage } from './image.ts'
import { ask, RunningProgram } from './running-program.ts'

/** Stores a value that gets a file of its own, and prints the warning, if there is one, or the error. */
const STORE = `
  import { Cache } from '@diskcache/cache'
  process.on('warning', ({ code }) => console.log(code))
  try {
    const cache = new Cache(process.argv[2], JSON.parse(process.argv[3] ?? '{}'))
    if (process.argv[3] === undefined) cache.set('key', Buffer.alloc(100_000))
    console.log(cache.get('key')?.length)
    cache.close()
  } catch (error) {
    console.log(error.code)
  }
`

/** Stores more than the disk holds, and prints how much was accepted, and how much there is. */
const FILL = `
  import { statfsSync } from 'node:fs'
  import { Cache } from '@diskcache/cache'
  const [directory, megabytes, sizeLimit] = process.argv.slice(2)
  const cache = new Cache(directory, sizeLimit ? { sizeLimit: Number(sizeLimit) } : {})
  let accepted = 0
  for (let i = 0; i < Number(megabytes) * 20; i++) if (cache.set(i, Buffer.alloc(50_000))) accepted++
  const { bavail, bsize } = statfsSync(directory)
  console.log(JSON.stringify({ accepted, volume: cache.volume(), free: bavail * bsize, newest: cache.has(accepted - 1) }))
  cache.close()
`

/** Calls the handler, and again when it is told to. */
const CALL = `
  import { handler } from './lambda.mjs'
  const call = async () => console.log((await handler({ id: 'a' })).headers['x-cache'])
  setInterval(() => {}, 1_000)
  process.once('SIGUSR2', () => call().then(() => process.exit()))
  await call()
`

/** That containers, volumes, users and disks are as the guide says, in namespaces of Linux, without a container runtime. */
export const VOLUME_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'deployment: two containers with a read-only system, of a user without rights, share a volume',
    run: async (bench) => {
      needOtherUser()
      const image = await makeImage(bench)
      await shareVolume(image)
    },
  },
  {
    title: 'deployment: volumes and directories of other users',
    run: async (bench) => {
      needOtherUser()
      const image = await makeImage(bench)
      writeFileSync(join(image.folder, 'store.mjs'), STORE)
      await tryVolumes(bench, image.folder)
    },
  },
  {
    title: 'deployment: a disk of 512 MB, as Lambda has it, and one that is smaller than the limit',
    run: async (bench) => {
      needNamespaces()
      const image = await makeImage(bench)
      for (const [name, text] of Object.entries({ 'fill-disk.mjs': FILL, 'call.mjs': CALL }))
        writeFileSync(join(image.folder, name), text)
      writeFileSync(join(image.folder, 'lambda.mjs'), readGuideFile('lambda.mjs'))
      await runAsLambda(image.folder)
      await fillDisks(bench, image.folder)
    },
  },
  {
    title: 'deployment: a cache on a read-only mount',
    run: async (bench) => {
      needNamespaces()
      const image = await makeImage(bench)
      for (const name of ['fill.mjs', 'read.mjs'])
        writeFileSync(join(image.folder, name), readGuideFile(name))
      writeFileSync(join(image.folder, 'store.mjs'), STORE)
      await bench.run(process.execPath, ['fill.mjs'], image.folder)
      const script = `mount --bind filled-cache /mnt; mount -o remount,ro,bind /mnt
        CACHE_DIRECTORY=/mnt "$0" read.mjs; "$0" store.mjs /mnt`
      const output = await runInContainer(bench, script, image.folder)
      assert.match(output, /Austria[\s\S]*ERR_DISKCACHE_READONLY\n$/)
    },
  },
]

/** What `docker run --read-only --user 1000 --volume` does, twice, with one volume. */
async function shareVolume({ folder, volume }: Image): Promise<void> {
  const script = `mount --bind "$0" /mnt; mount -o remount,ro,bind /
    if touch /etc/diskcache-check 2> /dev/null; then echo the system can be written; exit 1; fi
    exec "$@"`
  const words = inContainer(script, [volume, ...AS_OTHER_USER, process.execPath, 'server.mjs'])
  const env = { HOST: '127.0.0.1', PORT: '0', CACHE_DIRECTORY: '/mnt/cache' }
  using first = new RunningProgram({ command: 'unshare', words, folder, env })
  using second = new RunningProgram({ command: 'unshare', words, folder, env })
  const addresses = [await first.address(), await second.address()]
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(addresses[i % 2]!)))
  assert.deepEqual(
    [...new Set(answers.map(({ pid }) => pid))],
    [1],
    'each is the first process of its container',
  )
  assert.equal(new Set(answers.map(({ visits }) => visits)).size, 20)

  await first.killInner()
  assert.equal((await ask(addresses[1]!)).visits, 21)
  await second.stop(second.inner)
  assert.ok(existsSync(join(volume, 'cache', 'cache.db')))
  assert.ok(!existsSync(join(volume, 'cache', 'cache.db-wal')), 'it was not closed')
}

async function tryVolumes(bench: Workbench, folder: string): Promise<void> {
  const script = `store() { ${AS_OTHER_USER.join(' ')} "$0" store.mjs "$@"; }
    mkdir -m 777 open; mkdir -m 777 group; chown root:${OTHER_USER} group; chmod 2777 group; mkdir -m 755 closed
    echo empty: $(store open)
    rm -r open/*
    echo below: $(store open/cache) $(stat -c %a open/cache)
    echo group: $(store group/cache) $(stat -c %a group/cache group/cache/cache.db)
    echo closed: $(store closed) $(store closed/cache)
    "$0" store.mjs private
    echo private: $(store private) $(store private '{"readonly":true}')
    chmod -R a+rX private
    echo readable: $(store private) $(store private '{"readonly":true}')
    echo refused: $(store open '{"onUnsafe":"throw"}')`
  assert.deepEqual((await runInContainer(bench, script, folder)).trim().split('\n'), [
    'empty: 100000 DISKCACHE_UNSAFE_DIRECTORY',
    'below: 100000 700',
    'group: 100000 2700 600',
    'closed: ERR_DISKCACHE_IO ERR_DISKCACHE_IO',
    '100000',
    'private: ERR_DISKCACHE_IO ERR_DISKCACHE_IO',
    'readable: ERR_DISKCACHE_READONLY 100000',
    'refused: ERR_DISKCACHE_UNSAFE',
  ])
}

async function runAsLambda(folder: string): Promise<void> {
  const script = 'mount -t tmpfs -o size=512m tmpfs /mnt; TMPDIR=/mnt exec "$0" call.mjs'
  const words = inContainer(script, [process.execPath])
  using call = new RunningProgram({ command: 'unshare', words, folder })
  await call.printed(/miss/)
  // Between two calls Lambda lets the process stand still.
  process.kill(call.inner, 'SIGSTOP')
  await call.isStopped()
  process.kill(call.inner, 'SIGCONT')
  process.kill(call.inner, 'SIGUSR2')
  await call.ended()
  assert.equal(call.output, 'miss\nhit\n')
}

async function fillDisks(bench: Workbench, folder: string): Promise<void> {
  const script = `mount -t tmpfs -o size=512m tmpfs /mnt
    "$0" fill-disk.mjs /mnt/limited 300 ${256 * 2 ** 20}; rm -r /mnt/limited
    mount -t tmpfs -o size=40m tmpfs /mnt
    "$0" fill-disk.mjs /mnt/too-large 60`
  const output = await runInContainer(bench, script, folder)
  const [limited, tooLarge] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(limited.accepted, 6_000)
  assert.ok(limited.volume <= 257 * 2 ** 20, `${limited.volume}`)
  assert.ok(limited.free >= 200 * 2 ** 20, `${limited.free}`)
  assert.equal(tooLarge.accepted, 1_200, 'a disk that is full is no error')
  assert.ok(tooLarge.newest)
}

async function runInContainer(bench: Workbench, script: string, folder: string): Promise<string> {
  const { stdout } = await bench.run('unshare', inContainer(script, [process.execPath]), folder)
  return stdout
}
