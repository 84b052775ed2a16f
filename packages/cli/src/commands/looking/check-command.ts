import { hasCode, type Problem } from '@diskcache/core'
import type { Command } from 'commander'
import { ExitCode, Failure } from '../../terminal/failure.ts'
import { isForPeople, printJson, remark } from '../../terminal/output.ts'
import { counted } from '../../terminal/sizes.ts'
import { withExamples } from '../arguments/examples.ts'
import { interruptible } from '../arguments/interruptible.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'
import { isHarmless, printProblems } from './problems.ts'

interface CheckOptions {
  readonly fix?: boolean
  readonly json?: boolean
}

/** The way out where a database is damaged beyond what is mended without losing entries. Only its program knows its codec. */
const WAY_OUT =
  'no more of it is mended without losing entries: the next program that opens the cache for writing copies the ' +
  "database aside and makes it anew, with the entries that can be read, unless it says onCorrupt: 'throw'; a file that never was a database has to be moved away"

/** What a check has found, and what is still there when it has mended that. */
interface Findings {
  readonly problems: readonly Problem[]
  readonly left: readonly Problem[]
}

/** Adds `check`. */
export function addCheck(program: Command): void {
  const command = takesTarget(
    program.command('check').description('compare the database, its value files and all checksums'),
  )
    .option('--fix', 'mend what is wrong, for all processes')
    .option('--json', 'print the problems as JSON')
    .action(check)
  withExamples(command, [
    ['check ./cache', 'exit code 1 when something is wrong'],
    ['check ./cache --fix', 'mend it; exit code 1 when something is left'],
  ])
}

async function check(directory: string, { fix = false, json = false }: CheckOptions): Promise<void> {
  const { problems, left } = await findingsOf(directory, fix)
  if (json) await printJson({ problems, left })
  else {
    await printProblems(problems)
    tell(problems, left, fix)
  }
  if (fix && left.some(({ kind }) => kind === 'integrity')) remark(`The database is damaged; ${WAY_OUT}`)
  if (!left.every(isHarmless)) process.exitCode = ExitCode.found
}

async function findingsOf(directory: string, fix: boolean): Promise<Findings> {
  try {
    return await withTarget(directory, fix ? 'change' : 'read', async ({ store }) => {
      const checked = (fix: boolean) => interruptible((signal) => store.check({ fix, signal }))
      const problems = await checked(fix)
      return { problems, left: fix && problems.length > 0 ? await checked(false) : problems }
    })
  } catch (error) {
    // A database that cannot be opened has a problem, and may be told of like any other.
    if (!hasCode(error, 'ERR_DISKCACHE_CORRUPT')) throw error
    if (fix) throw new Failure(`${(error as Error).message}; ${WAY_OUT}`)
    const problems: Problem[] = [{ kind: 'integrity', message: (error as Error).message }]
    return { problems, left: problems }
  }
}

function tell(problems: readonly Problem[], left: readonly Problem[], fix: boolean): void {
  if (!isForPeople()) return
  if (problems.length === 0) return remark('All is well.')
  const found = counted(problems.length, 'problem')
  const isWell = left.every(isHarmless)
  if (fix)
    return remark(
      isWell ? `${found} mended.` : `${found} found, of which ${left.length} could not be mended.`,
    )
  remark(isWell ? `${found} found, which does no harm.` : `${found} found; --fix mends them.`)
}
