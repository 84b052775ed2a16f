import type { MarkdownRenderer } from 'vitepress'
import { HOME } from '../repository.ts'

/**
 * Code blocks say more than their language: `ts fragment from=apps/nest/src/main.ts`. The site colours them by the
 * language, and shows the file of which they are a part.
 */
export function addFenceRule(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence!
  markdown.renderer.rules.fence = (tokens, at, ...rest) => {
    const token = tokens[at]!
    const [language = '', ...words] = token.info.trim().split(/\s+/)
    token.info = language
    const source = words.find((word) => word.startsWith('from='))?.slice('from='.length)
    return fence(tokens, at, ...rest) + (source ? sourceNote(source) : '')
  }
}

function sourceNote(path: string): string {
  return `<p class="source-note">From <a href="${HOME}/blob/main/${path}">${path}</a></p>\n`
}
