import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const OPTIONS: ts.CompilerOptions = {
  lib: ['lib.es2022.d.ts'],
  noResolve: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
}
const LIBRARIES = dirname(fileURLToPath(import.meta.resolve('typescript')))

/** Parsed once in each worker. */
const libraries = new Map<string, ts.SourceFile | undefined>()

/**
 * A program of this one file and the ECMAScript library, without what the file imports: whatever is learned from it
 * depends on the text alone, and may be kept under its hash.
 */
export function createSingleFileProgram(text: string): { file: ts.SourceFile; checker: ts.TypeChecker } {
  const file = ts.createSourceFile('/file.d.ts', text, ts.ScriptTarget.Latest, true)
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : readLibrary(name)),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => {},
    getDefaultLibFileName: () => 'lib.d.ts',
    getDefaultLibLocation: () => LIBRARIES,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  }
  const checker = ts.createProgram([file.fileName], OPTIONS, host).getTypeChecker()
  return { file, checker }
}

function readLibrary(path: string): ts.SourceFile | undefined {
  if (!libraries.has(path)) {
    const text = ts.sys.readFile(path)
    libraries.set(
      path,
      text === undefined ? undefined : ts.createSourceFile(path, text, ts.ScriptTarget.Latest),
    )
  }
  return libraries.get(path)
}
