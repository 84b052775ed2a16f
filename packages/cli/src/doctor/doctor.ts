import { admitApplication } from './app/installed-packages.ts'
import { APP_EXAMINATIONS } from './app-doctor.ts'
import { admit } from './directory/patient.ts'
import { DIRECTORY_EXAMINATIONS } from './directory-doctor.ts'
import type { Ailment } from './findings/ailment.ts'
import { diagnose, type Finding, NOT_EXAMINED } from './findings/diagnosis.ts'
import type { Holder } from './holders/holders-of.ts'
import { admitServer } from './redis/server-facts.ts'
import { REDIS_EXAMINATIONS } from './redis-doctor.ts'

/** What the doctor says of a directory, a server or an application. */
export interface Report {
  /** What was looked at: a path, or an address without its password. */
  readonly name: string
  /** Whether there is no trouble. */
  readonly isHealthy: boolean
  readonly findings: readonly Finding[]
  /** Who has a directory open, where the system tells it. */
  readonly holders?: readonly Holder[]
}

/** All ailments that may be found, by what has them. */
export const AILMENTS: Readonly<Record<'directory' | 'Redis' | 'application', readonly Ailment[]>> = {
  directory: [...DIRECTORY_EXAMINATIONS.flatMap(({ ailments }) => ailments), NOT_EXAMINED],
  Redis: REDIS_EXAMINATIONS.flatMap(({ ailments }) => ailments),
  application: APP_EXAMINATIONS.flatMap(({ ailments }) => ailments),
}

/** Examines the directory of a cache. It is only looked at: no file changes, and no read of an entry is noted. */
export async function examineCache(directory: string): Promise<Report> {
  const patient = await admit(directory)
  const { isKnown, holders } = patient.locks
  const report = reportOf(patient.path, [...diagnose(patient, DIRECTORY_EXAMINATIONS)])
  return isKnown ? { ...report, holders } : report
}

/** Examines the server at an address. */
export async function examineServer(url: string): Promise<Report> {
  const facts = await admitServer(url)
  return reportOf(facts.address, [...diagnose(facts, REDIS_EXAMINATIONS)])
}

/** Examines what an application has installed. */
export function examineApplication(directory: string): Report {
  const application = admitApplication(directory)
  return reportOf(application.path, [...diagnose(application, APP_EXAMINATIONS)])
}

function reportOf(name: string, findings: readonly Finding[]): Report {
  return { name, isHealthy: findings.every(({ sign }) => sign !== 'trouble'), findings }
}
