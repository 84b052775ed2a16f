/**
 * Checks that everything that users can import, and each of its members, has a docstring, written at the member or
 * inherited as editors inherit it. Prints one line per problem; the exit code is 1 when there is any.
 */
import { resolve } from 'node:path'
import { docstringFault } from './docstring-fault.ts'
import { packageDoors } from './package-doors.ts'
import { publicMembers } from './public-members.ts'

/** Files whose faults are counted, and do not fail the check. The first has types after those of node-redis. */
const EXCUSED: readonly string[] = ['packages/redis/src/server/redis-client.ts:']

/** Returns the faults of docstrings below `root`, each as `path:line: name fault`. */
export function undocumentedMembers(root: string): string[] {
  return publicMembers(root, packageDoors(root)).flatMap((member) => {
    const fault = docstringFault(member)
    return fault === undefined ? [] : [`${member.path}:${member.line}: ${member.name} ${fault}`]
  })
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../../../..')
  const faults = undocumentedMembers(root)
  const faultsIn = (path: string) => faults.filter((fault) => fault.startsWith(path))
  for (const path of EXCUSED) console.log(`${path}: ${faultsIn(path).length} excused`)
  const needless = EXCUSED.filter((path) => faultsIn(path).length === 0)
  const problems = [
    ...faults.filter((fault) => !EXCUSED.some((path) => fault.startsWith(path))),
    ...needless.map((path) => `${path}: has no fault any more; remove it from EXCUSED`),
  ]
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
