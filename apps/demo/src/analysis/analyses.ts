import type { Cache } from '@diskcache/cache'
import marked from 'marked/package.json' with { type: 'json' }
import typescript from 'typescript/package.json' with { type: 'json' }
import type { DeclarationAnalysis } from './declaration-analysis.ts'
import type { MarkdownAnalysis } from './markdown-analysis.ts'
import type { SourceFile } from './source-file.ts'

export type Analysis = MarkdownAnalysis | DeclarationAnalysis

/**
 * The two analyses, memoized by what a file contains and not by where it lies: a README that came with two versions of
 * a package is analysed once. `onMiss` is called when one has to be computed.
 *
 * The parsers are loaded on the first miss: a run that finds everything in the cache never pays for them.
 */
export function memoizeAnalyses(cache: Cache, onMiss: () => void) {
  async function markdown({ bytes }: SourceFile): Promise<MarkdownAnalysis> {
    onMiss()
    const { analyseMarkdown } = await import('./markdown-analysis.ts')
    return analyseMarkdown(bytes.toString())
  }
  async function declarations({ bytes }: SourceFile): Promise<DeclarationAnalysis> {
    onMiss()
    const { analyseDeclarations } = await import('./declaration-analysis.ts')
    return analyseDeclarations(bytes.toString())
  }
  // A result depends on the parser too, so its version is part of the name. After a change to an analysis itself,
  // `cache.evict('markdown')` removes the old results, of every version.
  const key = ({ hash }: SourceFile) => hash
  return {
    markdown: cache.memoize(markdown, { name: `marked ${marked.version}`, key, tag: 'markdown' }),
    declarations: cache.memoize(declarations, {
      name: `TypeScript ${typescript.version}`,
      key,
      tag: 'declarations',
    }),
  }
}
