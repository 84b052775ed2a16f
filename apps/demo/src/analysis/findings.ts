import { packageDirectory } from '../package-directory.ts'
import type { Analysis } from './analyses.ts'
import type { AnalysedFile } from './analysis-worker.ts'
import type { DeclarationAnalysis, ExportKind } from './declaration-analysis.ts'
import type { MarkdownAnalysis } from './markdown-analysis.ts'
import { Tallies } from './tallies.ts'

const PLURALS: Readonly<Record<ExportKind, string>> = {
  function: 'exported functions',
  class: 'exported classes',
  interface: 'exported interfaces',
  type: 'exported type aliases',
}

const TOTALS = [
  'distinct contents',
  'words',
  'headings',
  'links',
  'code blocks',
  'lines of JSDoc',
  ...Object.values(PLURALS),
]

/** What the declarations of one package offer. */
export interface PackageApi {
  /** Exported classes, interfaces and type aliases. */
  readonly types: number
  /** Those of them that have JSDoc. */
  readonly documented: number
}

/** What all files have together. Contents that occur more than once count once, in totals and in a package. */
export class Findings {
  /** By the directory of the package. */
  readonly packages = new Map<string, PackageApi>()
  /** Code blocks, by language. */
  readonly languages = new Tallies()
  readonly totals = new Tallies(TOTALS)
  readonly #seen = new Set<string>()

  constructor(files: readonly AnalysedFile[], analyses: readonly Analysis[]) {
    for (const [at, file] of files.entries()) this.#add(file, analyses[at]!)
  }

  #add({ path, key }: AnalysedFile, analysis: Analysis): void {
    const content = JSON.stringify(key)
    if (this.#isNew(content)) this.#addTotals(analysis)
    if (analysis.kind === 'markdown') return
    const directory = packageDirectory(path)
    if (this.#isNew(`${directory} ${content}`)) this.#addPackage(directory, analysis)
  }

  #isNew(name: string): boolean {
    const size = this.#seen.size
    return this.#seen.add(name).size > size
  }

  #addTotals(analysis: Analysis): void {
    this.totals.add('distinct contents', 1)
    if (analysis.kind === 'markdown') this.#addMarkdown(analysis)
    else this.#addDeclarations(analysis)
  }

  #addMarkdown({ headings, links, codeBlocks, words }: MarkdownAnalysis): void {
    this.totals.add('headings', headings.length)
    this.totals.add('links', links.length)
    this.totals.add('code blocks', codeBlocks.length)
    this.totals.add('words', words)
    for (const language of codeBlocks) this.languages.add(language, 1)
  }

  #addDeclarations({ exports, docLines }: DeclarationAnalysis): void {
    for (const { kind } of exports) this.totals.add(PLURALS[kind], 1)
    this.totals.add('lines of JSDoc', docLines)
  }

  #addPackage(directory: string, { exports }: DeclarationAnalysis): void {
    const before = this.packages.get(directory) ?? { types: 0, documented: 0 }
    const types = exports.filter(({ kind }) => kind !== 'function')
    const documented = types.filter((type) => type.documented)
    this.packages.set(directory, {
      types: before.types + types.length,
      documented: before.documented + documented.length,
    })
  }
}
