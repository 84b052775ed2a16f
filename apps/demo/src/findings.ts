import type { Analysis } from './analyses.ts'
import type { AnalysedFile } from './analysis-worker.ts'
import type { DeclarationAnalysis } from './declaration-analysis.ts'
import type { MarkdownAnalysis } from './markdown-analysis.ts'

/** A sum for each name. */
export class Tallies {
  readonly #sums = new Map<string, number>()

  add(name: string, amount: number): void {
    this.#sums.set(name, (this.#sums.get(name) ?? 0) + amount)
  }

  /** The largest first; of equal ones, by name. */
  top(limit: number): [name: string, sum: number][] {
    const byName = [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1))
    return byName.sort(([, a], [, b]) => b - a).slice(0, limit)
  }
}

/** What all files have together. Contents that occur more than once count once, in totals and in a package. */
export class Findings {
  /** Exported types, by the directory of the package. */
  readonly types = new Tallies()
  /** Code blocks, by language. */
  readonly languages = new Tallies()
  readonly totals = new Tallies()
  readonly #seen = new Set<string>()

  constructor(files: readonly AnalysedFile[], analyses: readonly Analysis[]) {
    for (const [at, { path, key }] of files.entries()) {
      const analysis = analyses[at]!
      const content = JSON.stringify(key)
      const directory = packageDirectory(path)
      if (this.#isNew(content)) this.#addTotals(analysis)
      if (analysis.kind === 'declarations' && this.#isNew(`${directory} ${content}`)) {
        this.types.add(
          directory,
          analysis.interfaces.length + analysis.types.length + analysis.classes.length,
        )
      }
    }
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

  #addDeclarations({ functions, classes, interfaces, types, docLines }: DeclarationAnalysis): void {
    this.totals.add('exported functions', functions.length)
    this.totals.add('exported classes', classes.length)
    this.totals.add('exported interfaces', interfaces.length)
    this.totals.add('exported types', types.length)
    this.totals.add('lines of JSDoc', docLines)
  }
}

/** The path up to the name of the package, which follows the last `node_modules` and may have a scope. */
export function packageDirectory(path: string): string {
  return path.match(/^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/)?.[0] ?? path
}
