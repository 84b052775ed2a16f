/**
 * Checks every page of the documentation and every code block in it, and runs the complete programs among them on this
 * Node, and those of a sample on Node 22, too; with `DISKCACHE_ALL_PLATFORMS`, compiles all of them, and runs them on both.
 * Prints one line per page and per block; the exit code is 1 when any failed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkBlock, isProgram, readRepository } from './check-block.ts'
import { checkPage } from './check-page.ts'
import { readPages } from './documentation-page.ts'
import type { Block } from './markdown-block.ts'
import { runProgram } from './run-program.ts'
import { typeErrors } from './type-errors.ts'
import { unreachablePages } from './unreachable-pages.ts'

const AT_ONCE = 2

/** Whether everything is done: the test command has to be quick. */
const IS_WHOLE = Boolean(process.env.DISKCACHE_ALL_PLATFORMS)

/** Of how many programs one runs on Node 22, too. */
const SAMPLE = IS_WHOLE ? 1 : 4

/** Returns the number of pages and blocks that failed. `compiles`: whether programs must compile as in a strict project. */
export async function runExamples(
  root: string,
  print: (line: string) => void,
  { compiles = IS_WHOLE } = {},
): Promise<number> {
  const repository = readRepository(root)
  const pages = readPages(root)
  const blocks = pages.flatMap((page) => page.blocks)
  const programs = blocks.filter(isProgram)
  const sample = new Set(programs.filter((_, index) => index % SAMPLE === 0))
  let failed = 0
  const report = (title: string, problem: string | undefined) => {
    if (problem) failed++
    print(problem ? `FAIL ${title}: ${problem}` : `ok   ${title}`)
  }

  for (const page of pages) report(page.path, checkPage(page, root))
  for (const path of unreachablePages(pages)) report(path, 'no way leads to it from apps/docs/README.md')
  await withFolder(root, (folder) => {
    const errors = compiles ? typeErrors(programs, folder) : new Map<Block, string>()
    return eachAtOnce(blocks, async (block) => {
      const problem =
        checkBlock(block, repository) ??
        errors.get(block) ??
        (isProgram(block) ? await runProgram(block, folder, sample.has(block)) : undefined)
      report(`${block.path}:${block.line} ${block.language}`, problem)
    })
  })
  print(`${pages.length} pages, ${blocks.length} blocks, ${failed} failed`)
  return failed
}

/** The programs stand inside apps/docs, so that Node finds the packages which that one depends on. */
async function withFolder(root: string, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(root, 'apps/docs', '.examples-'))
  try {
    await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function eachAtOnce(blocks: readonly Block[], action: (block: Block) => Promise<void>): Promise<void> {
  const waiting = blocks.values()
  const work = async () => {
    for (const block of waiting) await action(block)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

if (import.meta.main) {
  const failed = await runExamples(resolve(import.meta.dirname, '../../../..'), console.log)
  process.exitCode = failed > 0 ? 1 : 0
}
