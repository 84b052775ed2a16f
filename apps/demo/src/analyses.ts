import type { Cache } from '@diskcache/cache'
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
  // After a change to an analysis, `cache.evict('markdown')` removes its old results.
  const key = ({ hash }: SourceFile) => hash
  return {
    markdown: cache.memoize(markdown, { name: 'markdown', key, tag: 'markdown' }),
    declarations: cache.memoize(declarations, { name: 'declarations', key, tag: 'declarations' }),
  }
}
