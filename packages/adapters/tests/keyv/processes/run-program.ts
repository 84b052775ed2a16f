import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** Runs a program beside this file to its end, with arguments that it finds in `process.argv`; gives what it printed, as JSON. */
export async function runProgram<T>(program: string, ...args: string[]): Promise<T> {
  const file = new URL(`./${program}.ts`, import.meta.url)
  // A test runner's settings for Node are not meant for its children.
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(file), ...args], { env })
  return JSON.parse(stdout)
}
