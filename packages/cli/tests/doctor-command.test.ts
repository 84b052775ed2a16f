import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'
import { describeRedis } from '../../redis/tests/servers/describe-redis.ts'
import { RedisServer } from '../../redis/tests/servers/redis-server.ts'
import { examineApplication, examineServer, type Report } from '../src/doctor/doctor.ts'
import { stateOf } from './doctor/directory-state.ts'
import { idsOf, textOf } from './doctor/doctor-test.ts'

const MAIN = new URL('../dist/main.js', import.meta.url).pathname
const isRoot = process.getuid?.() === 0

function doctor(...parameters: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, 'doctor', ...parameters], { encoding: 'utf8' })
}

test('diskcache doctor prints lines for programs in a pipe, and its exit code says whether all is well', ({
  directory,
}) => {
  new Cache(directory).close()
  const before = stateOf(directory)
  const well = doctor(directory)
  expect(well).toMatchObject({ status: 0, stderr: '' })
  expect(well.stdout).toMatch(/^ok\tdirectory\t\t.+ holds a cache\t\t$/m)
  expect(stateOf(directory)).toEqual(before)
  const ill = doctor(join(directory, 'a\u001b[31m\u202e'), '--json')
  expect(ill).toMatchObject({ status: 1, stderr: '' })
  const { isHealthy, reports } = JSON.parse(ill.stdout) as { isHealthy: boolean; reports: Report[] }
  expect(isHealthy).toBe(false)
  expect(reports.flatMap(idsOf)).toEqual(['no-directory'])
  expect(doctor(join(directory, 'a\u001b[31m\u202e')).stdout).toContain('a\\x1b[31m\\u{202e}')
  expect(doctor().status).toBe(2)
})

// Whether another user may reach the program is up to where it lies.
const asNobody = { uid: 65_534, gid: 65_534 }
const isReached = isRoot && spawnSync(process.execPath, [MAIN, 'doctor', '--help'], asNobody).status === 0

test.skipIf(!isReached)(
  'diskcache doctor works where this user may not read (as root, who becomes another)',
  ({ directory }) => {
    chmodSync(directory, 0o755)
    const cache = new Cache(join(directory, 'cache'))
    cache.close()
    const ask = () => {
      const { stdout } = spawnSync(process.execPath, [MAIN, 'doctor', '--json', cache.directory], {
        encoding: 'utf8',
        ...asNobody,
      })
      return idsOf((JSON.parse(stdout) as { reports: [Report] }).reports[0])
    }
    expect(ask()).toEqual(['closed-directory'])
    chmodSync(cache.directory, 0o755)
    expect(ask()).toEqual(
      expect.arrayContaining(['unreadable-file', 'readonly-directory', 'unreadable-database']),
    )
    chmodSync(join(cache.directory, 'cache.db'), 0o644)
    expect(ask()).toEqual(['readonly-directory'])
  },
)

describe('examineApplication()', () => {
  function install(root: string, path: string, version: string, program = ''): void {
    const folder = join(root, 'node_modules', path)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: path, version, main: 'index.js' }))
    writeFileSync(join(folder, 'index.js'), program)
  }
  const works = 'module.exports = class { close() {} }'

  test('finds each package once in a healthy application', ({ directory }) => {
    install(directory, '@diskcache/cache', '1.2.3')
    install(directory, 'better-sqlite3', '13.0.0', works)
    const report = examineApplication(directory)
    expect(idsOf(report)).toEqual([])
    expect(report.findings[0]?.text).toBe('@diskcache/cache 1.2.3')
    expect(idsOf(examineApplication(join(dirname(MAIN), '..')))).toEqual([])
  })

  test('names what is missing, there twice, of another version, or not to be loaded', ({ directory }) => {
    expect(idsOf(examineApplication(directory))).toEqual(['no-packages'])
    install(directory, '@diskcache/cache', '1.2.3')
    expect(idsOf(examineApplication(directory))).toEqual(['missing-engine'])
    install(directory, 'better-sqlite3', '12.0.0', works)
    expect(idsOf(examineApplication(directory))).toEqual(['other-engine-version'])
    install(
      directory,
      'better-sqlite3',
      '13.0.0',
      "throw new Error('was compiled against NODE_MODULE_VERSION 1')",
    )
    expect(textOf(examineApplication(directory), 'unloadable-engine')).toContain('NODE_MODULE_VERSION 1')
    install(directory, 'better-sqlite3', '13.0.0', works)
    install(join(directory, 'node_modules', 'other'), '@diskcache/cache', '1.0.0')
    install(join(directory, 'node_modules', 'other'), 'better-sqlite3', '13.0.0', works)
    const report = examineApplication(directory)
    expect(idsOf(report)).toEqual(['several-versions', 'several-engines'])
    expect(textOf(report, 'several-versions')).toContain('1.0.0 in ')
    install(join(directory, 'node_modules', 'other'), '@diskcache/cache', '1.2.3')
    expect(idsOf(examineApplication(directory))).toEqual(['several-copies', 'several-engines'])
  })
})

describeRedis('examineServer()', () => {
  test('tells how the server is set up, and names what is wrong', async () => {
    const port = { settings: { maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru', appendonly: 'no' } }
    const server = await RedisServer.start(port)
    try {
      const report = await examineServer(`${server.url}?prefix=app`)
      expect(report).toMatchObject({ isHealthy: true, name: expect.not.stringContaining('app') })
      expect(idsOf(report)).toEqual(['evicts-locks', 'no-persistence'])
    } finally {
      await server.stop()
    }
    const away = await examineServer(server.url.replace('redis://', 'redis://user:secret@'))
    expect(away.isHealthy).toBe(false)
    expect(idsOf(away)).toEqual(['unreachable-server'])
    expect(JSON.stringify(away)).not.toContain('secret')
  })

  test('names a server that is full', async () => {
    const server = await RedisServer.start({ settings: { maxmemory: '900kb' } })
    try {
      expect(idsOf(await examineServer(server.url))).toContain('full-server')
    } finally {
      await server.stop()
    }
  })
})
