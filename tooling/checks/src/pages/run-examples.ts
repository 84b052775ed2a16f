/**
 * Checks every code block of the documentation, and runs the complete programs among them. Prints one line
 * per block; the exit code is 1 when any failed.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkBlock, isProgram, readRepository } from './check-block.ts'
import { findPages } from './find-pages.ts'
import { type Block, extractBlocks } from './markdown-block.ts'

const TIME_LIMIT = 30_000 // ms
const AT_ONCE = 2

/** Returns the number of blocks that failed. */
export async function runExamples(root: string, print: (line: string) => void): Promise<number> {
  const repository = readRepository(root)
  const blocks = findPages(root).flatMap((path) =>
    extractBlocks(path, readFileSync(join(root, path), 'utf8')),
  )
  // The programs stand inside apps/docs, so that Node finds the packages which that one depends on.
  const folder = mkdtempSync(join(root, 'apps/docs', '.examples-'))
  let failed = 0
  const waiting = blocks.values()
  const work = async () => {
    for (const block of waiting) {
      const problem =
        checkBlock(block, repository) ?? (isProgram(block) ? await run(block, folder) : undefined)
      if (problem) failed++
      const title = `${block.path}:${block.line} ${block.language}`
      print(problem ? `FAIL ${title}: ${problem}` : `ok   ${title}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  print(`${blocks.length} blocks, ${failed} failed`)
  return failed
}

/** Runs the block in an empty directory of its own; returns why it failed, or undefined. */
function run(block: Block, folder: string): Promise<string | undefined> {
  const page = block.path.replace(/\.md$/, '').replaceAll(/[^\w]+/g, '-')
  const program = join(folder, `${page}-${block.line}.${block.language}`)
  writeFileSync(program, block.text)
  const directory = mkdtempSync(join(tmpdir(), 'diskcache-example-'))
  const options = {
    cwd: directory,
    env: { ...process.env, TMPDIR: directory },
    timeout: TIME_LIMIT,
    killSignal: 'SIGKILL',
  } as const
  return new Promise((settle) => {
    execFile(process.execPath, [program], options, (error, stdout, stderr) => {
      rmSync(directory, { recursive: true, force: true })
      if (!error) return settle(undefined)
      const reason = error.killed
        ? `still ran after ${TIME_LIMIT / 1000} s`
        : `exit ${error.code ?? error.signal}`
      settle(`${reason}\n${stdout}${stderr}`.trimEnd())
    })
  })
}

if (import.meta.main) {
  const failed = await runExamples(resolve(import.meta.dirname, '../../../..'), console.log)
  process.exitCode = failed > 0 ? 1 : 0
}
