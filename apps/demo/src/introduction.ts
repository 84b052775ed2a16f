import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** The oldest version that runs TypeScript as it stands. */
const OLDEST = [22, 18]

/** What the demo does, and why it may run on another Node than the user's. */
export function introduction(installed = installedNode()): string {
  const text = `One cache on disk, and many processes that share it: they analyse files, count, and crawl a website.`
  if (installed === undefined || runsTypeScript(installed)) return `${text}\n`
  return `${text}
This is Node ${process.versions.node}, which pnpm has put beside the packages: your Node ${installed} does not run TypeScript as it stands, in which the demo is written.
`
}

function runsTypeScript(version: string): boolean {
  const [major, minor] = version.split('.').map(Number) as [number, number]
  return major > OLDEST[0]! || (major === OLDEST[0] && minor >= OLDEST[1]!)
}

/** The version of the Node that a user's shell finds; a script of this repository finds its own first. */
function installedNode(): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  try {
    const output = execFileSync('node', ['--version'], {
      env: { ...process.env, PATH: path.join(delimiter) },
      encoding: 'utf8',
    })
    return output.trim().replace(/^v/, '')
  } catch {
    return undefined
  }
}
