import { readFileSync } from 'node:fs'
import { createSourceFile, isExportDeclaration, isNamedExports, ScriptTarget } from 'typescript'

/** What an `index.ts` exports: it has named re-exports and nothing else. */
export function exportedNames(path: string): string[] {
  const source = createSourceFile(path, readFileSync(path, 'utf8'), ScriptTarget.Latest)
  return source.statements.flatMap((statement) => {
    const clause = isExportDeclaration(statement) ? statement.exportClause : undefined
    if (!clause || !isNamedExports(clause)) throw new Error(`${path} has more than named re-exports`)
    return clause.elements.map(({ name }) => name.text)
  })
}
