import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Skipped } from '../../report-check.ts'
import type { SmokeCheck } from '../../smoke/smoke-check.ts'
import { installGuide, readGuideFile, readPage } from './guide-files.ts'

interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: Readonly<Record<string, unknown>>
        readonly containers: readonly [Container]
        readonly volumes: readonly {
          readonly name: string
          readonly emptyDir: { readonly sizeLimit: string }
        }[]
      }
    }
  }
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly volumes: readonly string[] }>>
}

/** Makes a directory of a later format, as software to come may, while a process has it open. */
const LATER_FORMAT = `
  import assert from 'node:assert/strict'
  import { execFileSync } from 'node:child_process'
  import { Cache } from '@diskcache/cache'
  const later = (version) => execFileSync(process.execPath, ['-e', \`
    const database = new (require('better-sqlite3'))('later/cache.db')
    database.pragma('user_version = \${version}')
    database.close()\`])
  const open = new Cache('later')
  open.set('key', 'value')
  later(301)
  new Cache('later').close()
  later(400)
  assert.throws(() => new Cache('later'), { code: 'ERR_DISKCACHE_FORMAT' })
  assert.throws(() => new Cache('later', { readonly: true }), { code: 'ERR_DISKCACHE_FORMAT' })
  assert.equal(open.get('key'), 'value')
  assert.ok(open.set('other', 'value'))
  open.close()
`

/** That the descriptions which other software reads are well formed, agree with each other, and say what the pages say. */
export const DESCRIPTION_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'deployment: compose.yaml and deployment.yaml parse, and agree with the Dockerfile',
    run: async (bench) => {
      const { parse } = createRequire(join(await installGuide(bench), 'x.js'))('yaml') as typeof JSON
      const { services }: Compose = parse(readGuideFile('compose.yaml'))
      const { template }: Deployment['spec'] = parse(readGuideFile('deployment.yaml')).spec
      const dockerfile = readGuideFile('Dockerfile')
      const [container] = template.spec.containers
      const { CACHE_DIRECTORY, CACHE_SIZE_LIMIT } = Object.fromEntries(
        container.env.map(({ name, value }) => [name, value]),
      )
      for (const line of [`CACHE_DIRECTORY=${CACHE_DIRECTORY}`, `CACHE_SIZE_LIMIT=${CACHE_SIZE_LIMIT}`])
        assert.ok(dockerfile.includes(`ENV ${line}\n`), line)

      const mount = container.volumeMounts.find(({ name }) => name === 'cache')?.mountPath
      assert.ok(CACHE_DIRECTORY?.startsWith(`${mount}/`), 'the cache lies below the root of its volume')
      assert.ok(dockerfile.includes(`-m 0700 ${mount}\n`))
      for (const { volumes } of Object.values(services)) assert.deepEqual(volumes, [`cache:${mount}`])
      const { runAsUser, runAsGroup } = template.spec.securityContext
      assert.ok(dockerfile.includes(`USER ${runAsUser}:${runAsGroup}\n`))
      const size = template.spec.volumes.find(({ name }) => name === 'cache')?.emptyDir.sizeLimit
      const bytes = Number(/^(\d+)Mi$/.exec(size ?? '')?.[1]) * 2 ** 20
      assert.ok(Number(CACHE_SIZE_LIMIT) <= bytes - 128 * 2 ** 20, 'the volume has room for what is beside')
    },
  },
  {
    title: 'deployment: systemd finds no fault in the unit',
    run: async (bench) => {
      const folder = await installGuide(bench)
      await bench.run('systemd-analyze', ['--version'], folder).catch(() => {
        throw new Skipped('there is no systemd-analyze')
      })
      const command = `ExecStart=${process.execPath} ${join(folder, 'server.mjs')}`
      const unit = readGuideFile('diskcache.service').replace(/^ExecStart=.*$/m, command)
      writeFileSync(join(folder, 'diskcache.service'), unit)
      const { stderr } = await bench.run('systemd-analyze', ['verify', './diskcache.service'], folder)
      assert.equal(stderr, '')
    },
  },
  {
    title: 'deployment: what a process does with a directory of a later format',
    run: async (bench) => {
      const folder = await installGuide(bench)
      writeFileSync(join(folder, 'later-format.mjs'), LATER_FORMAT)
      await bench.run(process.execPath, ['later-format.mjs'], folder)
    },
  },
  {
    title: 'deployment: the oldest glibc on which better-sqlite3 loads',
    run: async (bench) => {
      const folder = await installGuide(bench)
      const prebuilds = join(folder, 'node_modules/better-sqlite3/prebuilds')
      for (const name of ['linux-x64.node', 'linux-arm64.node']) {
        const text = readFileSync(join(prebuilds, name), 'latin1')
        const newest = Math.max(...[...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor)))
        assert.match(readPage('platforms.md'), new RegExp(`glibc 2\\.${newest} `), name)
      }
    },
  },
]
