/** What one TypeScript file imports and exports, as far as the order of packages is concerned. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'

export type Import = {
  readonly specifier: string
  /** The values imported by name. Empty for types, and when the whole module is imported. */
  readonly values: readonly string[]
  readonly wholeModule: boolean
}

type Bindings = Omit<Import, 'specifier'>

export type Source = {
  readonly path: string
  readonly imports: readonly Import[]
  /** Whether it says `export *`, in any of its forms. */
  readonly exportsAll: boolean
}

export function readSource(path: string): Source {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  const imports: Import[] = []
  let exportsAll = false
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) imports.push({ specifier, ...bindingsOf(node) })
    if (ts.isExportDeclaration(node) && !(node.exportClause && ts.isNamedExports(node.exportClause))) {
      exportsAll = true
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { path, imports, exportsAll }
}

/** What `node` imports, when it is an import or export declaration, `import()`, `require()` or an import type. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isExternalModuleReference(node)) return textOf(node.expression)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (ts.isCallExpression(node) && isLoader(node.expression)) return textOf(node.arguments[0])
}

function isLoader(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined
}

function bindingsOf(node: ts.Node): Bindings {
  if (isTypeOnly(node)) return { values: [], wholeModule: false }
  const names = namesOf(node)
  if (!names) return { values: [], wholeModule: true }
  const values = names
    .filter((name) => !name.isTypeOnly)
    .map(({ propertyName, name }) => propertyName ?? name)
  return { values: values.map(({ text }) => text), wholeModule: false }
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly)
}

/** The names in the braces of an import or export declaration, when it has braces. */
function namesOf(node: ts.Node): readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] | undefined {
  const bindings = ts.isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : ts.isExportDeclaration(node) && node.exportClause
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return
  return [...bindings.elements]
}
