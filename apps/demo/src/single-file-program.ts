import ts from 'typescript'

const OPTIONS: ts.CompilerOptions = {
  noLib: true,
  noResolve: true,
  types: [],
  target: ts.ScriptTarget.Latest,
}

/**
 * A program of this one file, without the libraries and without what it imports: whatever is learned from it depends
 * on the text alone, and may be kept under its hash.
 */
export function createSingleFileProgram(text: string): { file: ts.SourceFile; checker: ts.TypeChecker } {
  const file = ts.createSourceFile('/file.d.ts', text, ts.ScriptTarget.Latest, true)
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
    readFile: () => undefined,
    writeFile: () => {},
    getDefaultLibFileName: () => '',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  }
  const checker = ts.createProgram([file.fileName], OPTIONS, host).getTypeChecker()
  return { file, checker }
}
