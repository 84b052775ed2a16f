import { relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { siteLink } from './site-link.ts'

/** What VitePress tells of the page that it renders; `realPath` where `path` is that in the site. */
interface PageEnvironment {
  readonly path: string
  readonly realPath?: string
}

/** Makes links of pages, which lead to files of the repository, lead to pages of the site. */
export function addLinkRule(markdown: MarkdownRenderer, root: string): void {
  markdown.core.ruler.push('diskcache-links', ({ tokens, env }) => {
    const { path, realPath = path } = env as PageEnvironment
    const page = relative(root, realPath).replaceAll('\\', '/')
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.type === 'link_open' && token.attrGet('href')
      if (target) token.attrSet('href', siteLink(target, page, root))
    }
  })
}
