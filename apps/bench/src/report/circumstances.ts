import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os'
import Database from 'better-sqlite3'

const GIBIBYTE = 2 ** 30

/** Processes that wanted a core when the program began, on average over a minute. */
const LOAD = loadavg()[0]?.toFixed(1)

/** What figures depend on, in one line: the day, the commit (with a plus when there is more than it has), the machine. */
export function circumstances(): string {
  const describe = ['describe', '--always', '--dirty=+', '--exclude=*']
  const { stdout } = spawnSync('git', describe, { cwd: import.meta.dirname, encoding: 'utf8' })
  const commit = stdout?.trim() || 'unknown'
  const model = cpus()[0]?.model.trim() ?? 'of an unknown kind'
  const memory = Math.round(totalmem() / GIBIBYTE)
  const machine = `${platform()} ${arch()}, ${availableParallelism()} cores (${model}), ${memory} GiB of memory`
  const day = new Date().toISOString().slice(0, 10)
  return `${day}, commit ${commit}, Node ${process.versions.node}, SQLite ${sqliteVersion()}, ${machine}, load ${LOAD} when it began`
}

function sqliteVersion(): string {
  const database = new Database(':memory:')
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get()
  database.close()
  return version ?? 'unknown'
}
