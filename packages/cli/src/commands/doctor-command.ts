import type { Command } from 'commander'
import { examineApplication, examineCache, examineServer, type Report } from '../doctor/doctor.ts'
import { lineForPrograms, linesForPeople } from '../doctor/report-lines.ts'
import { ExitCode, Failure } from '../terminal/failure.ts'
import { isForPeople, print, printJson } from '../terminal/output.ts'
import { withExamples } from './arguments/examples.ts'

interface DoctorOptions {
  readonly app?: string
  readonly json?: boolean
}

/** Adds `doctor`. */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('tell what is wrong with a cache, a Redis server or an application, and the way out')
    .argument('[directory]', 'the directory of a cache, whatever is in it, or redis://HOST:PORT')
    .option('--app <directory>', 'look at what an application has installed')
    .option('--json', 'print JSON')
    .action(async (directory: string | undefined, options: DoctorOptions) => {
      const reports = await reportsOn(directory, options)
      await printReports(reports, options.json === true)
      if (!reports.every(({ isHealthy }) => isHealthy)) process.exitCode = ExitCode.found
    })
  withExamples(command, [
    ['doctor ./cache', 'a directory, whatever is wrong with it'],
    ['doctor redis://localhost:6379', 'a server'],
    ['doctor --app .', 'what is in node_modules'],
    ['doctor ./cache --json | jq .isHealthy', 'for a program'],
  ])
}

async function reportsOn(directory: string | undefined, { app }: DoctorOptions): Promise<Report[]> {
  if (directory === undefined && app === undefined)
    throw new Failure('name the directory of a cache, or --app and the directory of an application')
  return [
    ...(directory === undefined ? [] : [await examine(directory)]),
    ...(app === undefined ? [] : [examineApplication(app)]),
  ]
}

function examine(name: string): Promise<Report> {
  return /^rediss?:/i.test(name) ? examineServer(name) : examineCache(name)
}

async function printReports(reports: readonly Report[], isJson: boolean): Promise<void> {
  if (isJson) return printJson({ isHealthy: reports.every(({ isHealthy }) => isHealthy), reports })
  const findings = reports.flatMap((report) => report.findings)
  await print(...(isForPeople() ? findings.flatMap(linesForPeople) : findings.map(lineForPrograms)))
}
