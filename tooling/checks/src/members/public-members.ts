import { join, relative } from 'node:path'
import ts from 'typescript'
import type { PackageDoor } from './package-doors.ts'

/** Something that users can import, or a member of it, with the documentation that an editor shows for it. */
export interface PublicMember {
  /** The path of the file below the root. */
  readonly path: string
  readonly line: number
  readonly name: string
  /** What an editor shows, perhaps inherited from an interface or a base class. */
  readonly shown: string
  /** What stands at the member itself. */
  readonly own: string
  /** The tags that an editor shows, such as `@throws`, as `name text`. */
  readonly tags: readonly string[]
}

/** Makes one program of all packages, in which they see each other's sources and need no build. */
export function programOf(root: string, doors: readonly PackageDoor[]): ts.Program {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root)
  return ts.createProgram({
    rootNames: doors.map(({ source }) => source),
    options: { ...options, paths: Object.fromEntries(doors.map((door) => [door.specifier, [door.source]])) },
  })
}

/** Lists everything that the doors export, and the members of it that this repository declares, once each. */
export function publicMembers(root: string, doors: readonly PackageDoor[]): PublicMember[] {
  const program = programOf(root, doors)
  const survey = new Survey(root, program.getTypeChecker())
  for (const { source, specifier } of doors) {
    const file = program.getSourceFile(source)
    if (file === undefined) throw new Error(`${specifier}: there is no ${source}`)
    survey.addDoor(file)
  }
  return [...survey.members.values()].sort((a, b) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
  )
}

class Survey {
  readonly members = new Map<string, PublicMember>()
  readonly #root: string
  readonly #checker: ts.TypeChecker

  constructor(root: string, checker: ts.TypeChecker) {
    this.#root = root
    this.#checker = checker
  }

  addDoor(file: ts.SourceFile): void {
    const door = this.#checker.getSymbolAtLocation(file)
    if (door === undefined) throw new Error(`${file.fileName}: exports nothing`)
    for (const exported of this.#checker.getExportsOfModule(door)) this.#addExport(exported)
  }

  #addExport(exported: ts.Symbol): void {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0
    const symbol = isAlias ? this.#checker.getAliasedSymbol(exported) : exported
    if (this.#declarationOf(symbol) === undefined) return
    this.#add(symbol, exported.name)
    for (const member of this.#membersOf(symbol)) this.#add(member, this.#nameOf(member))
    if (symbol.flags & ts.SymbolFlags.Class && !isTypeOnly(exported)) this.#addConstructor(symbol)
  }

  /** Returns the members of a type, of a class itself, or of an object that is a constant. */
  #membersOf(symbol: ts.Symbol): ts.Symbol[] {
    const types: ts.Type[] = []
    if (symbol.flags & ts.SymbolFlags.Type) types.push(this.#checker.getDeclaredTypeOfSymbol(symbol))
    if (symbol.flags & ts.SymbolFlags.Value) types.push(this.#checker.getTypeOfSymbol(symbol))
    return types
      .flatMap((type) => (type.isUnion() ? type.types : [type]))
      .filter((type) => type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))
      .flatMap((type) => type.getProperties())
      .filter((member) => isNamed(member) && this.#declarationOf(member) !== undefined)
  }

  #addConstructor(symbol: ts.Symbol): void {
    const declared = symbol.members?.get(ts.InternalSymbolName.Constructor)
    if (declared !== undefined) this.#add(declared, `new ${symbol.name}`)
  }

  #add(symbol: ts.Symbol, name: string): void {
    const declaration = this.#declarationOf(symbol) as ts.Declaration
    const file = declaration.getSourceFile()
    const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
    const key = `${file.fileName}:${declaration.pos}`
    if (this.members.has(key)) return
    this.members.set(key, {
      path: this.#pathOf(file),
      line: line + 1,
      name,
      shown: ts.displayPartsToString(symbol.getDocumentationComment(this.#checker)),
      own: ownText(declaration),
      tags: symbol
        .getJsDocTags(this.#checker)
        .map((tag) => `${tag.name} ${ts.displayPartsToString(tag.text)}`),
    })
  }

  /** Returns the name with that of the class, type or constant that declares the member, which others may inherit from. */
  #nameOf(member: ts.Symbol): string {
    const owner = ts.findAncestor(this.#declarationOf(member)?.parent, (node) => 'name' in node) as
      | ts.NamedDeclaration
      | undefined
    return `${owner?.name?.getText() ?? ''}.${member.name}`
  }

  /** Returns where this repository declares the symbol, or `undefined` for what the language or a library declares. */
  #declarationOf(symbol: ts.Symbol): ts.Declaration | undefined {
    return symbol.declarations?.find((declaration) => {
      return /^packages\/[^/]+\/src\//.test(this.#pathOf(declaration.getSourceFile()))
    })
  }

  #pathOf({ fileName }: ts.SourceFile): string {
    return relative(this.#root, fileName).replaceAll('\\', '/')
  }
}

/** Returns whether users can name the member. What a symbol such as `Symbol.dispose` names, the language documents. */
function isNamed({ escapedName, declarations = [], flags }: ts.Symbol): boolean {
  if (String(escapedName).startsWith('__') || flags & ts.SymbolFlags.Prototype) return false
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected
  return declarations.every((declaration) => !(ts.getCombinedModifierFlags(declaration) & hidden))
}

/** Returns whether users get no more than the type, and so cannot call a constructor. */
function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (declaration) =>
      ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
  )
}

/** Returns the text that stands at a declaration. TypeScript's own answer for a symbol would be what it gave before. */
function ownText(declaration: ts.Declaration): string {
  const comments = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc)
  return comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n')
}
