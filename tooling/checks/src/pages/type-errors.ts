/** What TypeScript says of the programs in the documentation: whoever pastes one into a strict project compiles it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import type { Block } from './markdown-block.ts'
import { programPath } from './run-program.ts'

const OPTIONS = {
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ...{ target: 'es2024', module: 'nodenext', moduleDetection: 'force' },
  lib: ['es2024', 'esnext.array', 'esnext.iterator', 'esnext.disposable'],
  ...{ types: ['node'], skipLibCheck: true, noEmit: true },
}

/** A library without declarations, which is not the program's fault. */
const WITHOUT_DECLARATIONS = 7016

/** Compiles the programs, which are written to `folder`, and returns the first error of each that has one. */
export function typeErrors(programs: readonly Block[], folder: string): Map<Block, string> {
  const typed = programs.filter(({ language }) => language === 'ts')
  for (const block of typed) writeFileSync(programPath(block, folder), block.text)
  const { options } = ts.convertCompilerOptionsFromJson(OPTIONS, folder)
  const typeRoots = [join(import.meta.dirname, '../../node_modules/@types')]
  const rootNames = typed.map((block) => programPath(block, folder))
  const program = ts.createProgram({ rootNames, options: { ...options, typeRoots } })
  const errors = typed.map((block) => [block, firstError(program, programPath(block, folder))] as const)
  return new Map(errors.filter((one): one is [Block, string] => one[1] !== undefined))
}

function firstError(program: ts.Program, path: string): string | undefined {
  const file = program.getSourceFile(path)
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].find(
    ({ code }) => code !== WITHOUT_DECLARATIONS,
  )
  if (found === undefined || file === undefined) return undefined
  const { line } = file.getLineAndCharacterOfPosition(found.start ?? 0)
  const message = ts.flattenDiagnosticMessageText(found.messageText, '\n')
  return `does not compile: line ${line + 1}: TS${found.code}: ${message}`
}
