/**
 * Checks that everything that users can import, and each of its members, has a docstring, written at the member or
 * inherited as editors inherit it. Prints one line per problem; the exit code is 1 when there is any.
 */
import { resolve } from 'node:path'
import { docstringFault } from './docstring-fault.ts'
import { packageDoors } from './package-doors.ts'
import { publicMembers } from './public-members.ts'

/** Returns the faults of docstrings below `root`, each as `path:line: name fault`. */
export function undocumentedMembers(root: string): string[] {
  return publicMembers(root, packageDoors(root)).flatMap((member) => {
    const fault = docstringFault(member)
    return fault === undefined ? [] : [`${member.path}:${member.line}: ${member.name} ${fault}`]
  })
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../../../..')
  const problems = undocumentedMembers(root)
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
