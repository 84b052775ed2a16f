import { spawnSync } from 'node:child_process'

/** Runs a module of this folder in a process of its own, under limits that a shell sets, and returns what it prints. */
export function runLimited<T>(limits: string, name: string, ...parameters: string[]): T {
  const module = new URL(`./${name}.ts`, import.meta.url).pathname
  const command = `${limits} && exec "$0" "$@"`
  const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, module, ...parameters], {
    encoding: 'utf8',
  })
  const last = stdout.trim().split('\n').at(-1)
  if (!last) throw new Error(`${name} printed nothing: ${stderr}`)
  return JSON.parse(last) as T
}
