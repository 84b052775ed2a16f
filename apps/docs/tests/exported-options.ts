import { join } from 'node:path'
import * as ts from 'typescript'
import type { Door } from '../src/reference/doors.ts'
import { ROOT } from '../src/repository.ts'

/** An option that a package takes. */
export interface ExportedOption {
  readonly name: string
  /** The exported type that has it: the one that declares it, where that is exported, or one that extends that. */
  readonly type: string
}

const OPTIONS = /(?:Options|Settings)$/

/** The options of all exported types of options, but for those that another library declares. */
export function exportedOptions(doors: readonly Door[]): ExportedOption[] {
  const program = ts.createProgram(
    doors.map(({ source }) => join(ROOT, source)),
    compilerOptions(),
  )
  const checker = program.getTypeChecker()
  const options = doors.flatMap(({ source }) => {
    const file = program.getSourceFile(join(ROOT, source))
    const door = file && checker.getSymbolAtLocation(file)
    if (!door) throw new Error(`${source} exports nothing`)
    const symbols = checker.getExportsOfModule(door)
    const names = new Set(symbols.map(({ name }) => name))
    return symbols.flatMap((symbol) => optionsOf(symbol, names, checker))
  })
  return [...new Map(options.map((option) => [`${option.type} ${option.name}`, option])).values()]
}

function compilerOptions(): ts.CompilerOptions {
  const folder = join(ROOT, 'apps/docs')
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.reference.json'), ts.sys.readFile)
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, folder).options
}

function optionsOf(
  exported: ts.Symbol,
  names: ReadonlySet<string>,
  checker: ts.TypeChecker,
): ExportedOption[] {
  if (!OPTIONS.test(exported.name)) return []
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  if (!(symbol.flags & ts.SymbolFlags.Type)) return []
  const type = checker.getDeclaredTypeOfSymbol(symbol)
  const properties = (type.isUnion() ? type.types : [type]).flatMap((part) =>
    checker.getPropertiesOfType(part),
  )
  return properties.filter(isOurs).map((property) => {
    const declaring = declaringType(property)
    const type = declaring !== undefined && names.has(declaring) ? declaring : exported.name
    return { name: property.name, type }
  })
}

function isOurs({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((node) => !node.getSourceFile().fileName.includes('/node_modules/'))
}

function declaringType({ declarations = [] }: ts.Symbol): string | undefined {
  let node: ts.Node | undefined = declarations[0]
  while (node && !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) node = node.parent
  return node?.name.text
}
