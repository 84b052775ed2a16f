import { lexer, type Token, walkTokens } from 'marked'

/** What a Markdown file contains. */
export interface MarkdownAnalysis {
  readonly kind: 'markdown'
  readonly headings: readonly string[]
  readonly links: readonly string[]
  /** The language of each code block, as the file spells it, in lower case. */
  readonly codeBlocks: readonly string[]
  readonly words: number
}

export function analyseMarkdown(text: string): MarkdownAnalysis {
  const headings: string[] = []
  const links: string[] = []
  const codeBlocks: string[] = []
  let words = 0
  walkTokens(lexer(text), (token) => {
    if (token.type === 'heading') headings.push(token.text)
    else if (token.type === 'link') links.push(token.href)
    else if (token.type === 'code') codeBlocks.push(languageOf(token.lang))
    else if (isProse(token)) words += countWords(token.raw)
  })
  return { kind: 'markdown', headings, links, codeBlocks, words }
}

/** An info string may say more after the language, such as ```` ```ts title="a.ts" ````. */
function languageOf(info: string | undefined): string {
  return info?.match(/^[^\s,{:]+/)?.[0].toLowerCase() || 'none'
}

/** Text that holds further tokens is counted by them. */
function isProse(token: Token): boolean {
  return (token.type === 'text' && !token.tokens) || token.type === 'codespan'
}

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu)?.length ?? 0
}
