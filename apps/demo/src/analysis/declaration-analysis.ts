import ts from 'typescript'
import { countDocLines } from './doc-lines.ts'
import { createSingleFileProgram } from './single-file-program.ts'

export type ExportKind = 'function' | 'class' | 'interface' | 'type'

/** Something that a declaration file offers to those who import it. */
export interface ExportedName {
  readonly kind: ExportKind
  readonly name: string
  /** Whether it has JSDoc. */
  readonly documented: boolean
  /** What a reader of its documentation sees: a signature, or the members with their types. */
  readonly api: readonly string[]
}

export interface DeclarationAnalysis {
  readonly kind: 'declarations'
  readonly exports: readonly ExportedName[]
  readonly docLines: number
}

export function analyseDeclarations(text: string): DeclarationAnalysis {
  const { file, checker } = createSingleFileProgram(text)
  const symbols = withNamespaces(visibleSymbols(file, checker), checker)
  const declared = [...symbols].filter((symbol) =>
    symbol.declarations?.some((node) => node.getSourceFile() === file),
  )
  const exports = declared.flatMap((symbol) => describe(symbol, checker) ?? [])
  return { kind: 'declarations', exports, docLines: countDocLines(file) }
}

/** The exports of the file and of the modules that it declares; the globals of a file that is no module. */
function visibleSymbols(file: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(file)
  const own = module
    ? checker.getExportsOfModule(module)
    : checker.getSymbolsInScope(file, ts.SymbolFlags.ModuleMember)
  const declared = checker.getAmbientModules().flatMap((ambient) => checker.getExportsOfModule(ambient))
  return [...own, ...declared].map((symbol) => withoutAlias(symbol, checker))
}

/** `export { a as b }` makes an alias; of what other files declare, nothing is known. */
function withoutAlias(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function withNamespaces(symbols: readonly ts.Symbol[], checker: ts.TypeChecker): ReadonlySet<ts.Symbol> {
  const all = new Set(symbols)
  // A set iterates over what is added meanwhile: namespaces inside namespaces.
  for (const symbol of all) {
    if (!(symbol.flags & ts.SymbolFlags.Module)) continue
    for (const inner of checker.getExportsOfModule(symbol)) all.add(withoutAlias(inner, checker))
  }
  return all
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): ExportedName | undefined {
  const kind = kindOf(symbol)
  if (kind === undefined) return undefined
  const documented = symbol.getDocumentationComment(checker).length > 0
  return { kind, name: symbol.name, documented, api: apiOf(symbol, kind, checker) }
}

function kindOf({ flags }: ts.Symbol): ExportKind | undefined {
  if (flags & ts.SymbolFlags.Function) return 'function'
  if (flags & ts.SymbolFlags.Class) return 'class'
  if (flags & ts.SymbolFlags.Interface) return 'interface'
  if (flags & ts.SymbolFlags.TypeAlias) return 'type'
}

/** As it is written: what a recursive type comes to may be larger than the memory. */
function apiOf(symbol: ts.Symbol, kind: ExportKind, checker: ts.TypeChecker): string[] {
  if (kind === 'function' || kind === 'type') return writtenAs(symbol)
  return checker.getDeclaredTypeOfSymbol(symbol).getProperties().flatMap(writtenAs)
}

function writtenAs({ name, declarations }: ts.Symbol): string[] {
  return declarations?.map((node) => node.getText().replaceAll(/\s+/g, ' ')) ?? [name]
}
