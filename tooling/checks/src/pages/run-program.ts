import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NODE_22 } from '@diskcache/node22'
import { needsNewerNode } from './check-block.ts'
import type { Block } from './markdown-block.ts'
import { node22Program } from './node22-program.ts'

const TIME_LIMIT = 30_000 // ms

/** Runs a program of the documentation on this Node, and, if it is to and can, on 22; returns why it failed, or undefined. */
export async function runProgram(
  block: Block,
  folder: string,
  isForNode22: boolean,
): Promise<string | undefined> {
  const problem = await run(block, folder, [process.execPath])
  if (problem !== undefined || !isForNode22 || needsNewerNode(block)) return problem
  return runOnNode22(block, folder).catch((error: Error) => error.message)
}

async function runOnNode22(block: Block, folder: string): Promise<string | undefined> {
  const node = [NODE_22, '--experimental-strip-types']
  const problem = await run(await node22Program(block), mkdtempSync(join(folder, 'node22-')), node)
  return problem && `on Node 22: ${problem}`
}

/** Returns where a program stands in `folder`. */
export function programPath({ path, line, language }: Block, folder: string): string {
  const page = path.replace(/\.md$/, '').replaceAll(/[^\w]+/g, '-')
  return join(folder, `${page}-${line}.${language}`)
}

/** Runs the block, which is written to `folder`, in an empty directory of its own. */
function run(block: Block, folder: string, node: readonly string[]): Promise<string | undefined> {
  const program = programPath(block, folder)
  writeFileSync(program, block.text)
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-example-'))
  const options = {
    cwd: directory,
    env: { ...process.env, TMPDIR: directory },
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  } as const
  const [binary, ...flags] = node as [string]
  return new Promise((settle) => {
    execFile(binary, [...flags, program], options, (error, stdout, stderr) => {
      rmSync(directory, { recursive: true, force: true })
      if (!error) return settle(undefined)
      const reason = error.killed
        ? `still ran after ${TIME_LIMIT / 1000} s`
        : `exit ${error.code ?? error.signal}`
      settle(`${reason}\n${stdout}${stderr}`.trimEnd())
    })
  })
}
