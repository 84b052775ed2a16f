import { defineConfig, type PageData } from 'vitepress'
import { addFenceRule } from '../src/pages/fence-rule.ts'
import { githubAnchor } from '../src/pages/github-anchor.ts'
import { addLinkRule } from '../src/pages/link-rule.ts'
import { outsidePages } from '../src/pages/outside-pages.ts'
import { NO_PAGES, siteFile } from '../src/pages/site-pages.ts'
import { HOME, ROOT } from '../src/repository.ts'
import { SEARCH_OPTIONS } from '../src/search-options.ts'
import { sidebar } from '../src/sidebar.ts'

/** What programs write; an edit would be lost. */
const GENERATED = /^apps\/docs\/(?:reference\/|benchmarks\.md$)/

/** In the page, so that no server is asked for it: a disk. */
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><ellipse cx="8" cy="4" rx="6" ry="2.5" fill="#5672cd"/><path d="M2 6c0 3.4 12 3.4 12 0v6c0 3.4-12 3.4-12 0z" fill="#3451b2"/></svg>')}`

export default defineConfig({
  title: 'diskcache',
  description:
    'A cache for Node.js that lives on disk, is shared safely by every process, and needs no server',
  lang: 'en',
  head: [['link', { rel: 'icon', href: ICON }]],
  srcDir: ROOT,
  srcExclude: NO_PAGES,
  rewrites: siteFile,
  cleanUrls: true,
  markdown: {
    // Every colour of theirs stands out enough from what is behind it.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: githubAnchor },
    config: (markdown) => {
      addFenceRule(markdown)
      addLinkRule(markdown, ROOT)
    },
  },
  transformPageData: ({ filePath, frontmatter }: PageData) => {
    if (filePath === 'apps/docs/index.md') return { frontmatter: { ...frontmatter, layout: 'home' } }
    if (GENERATED.test(filePath)) return { frontmatter: { ...frontmatter, editLink: false } }
  },
  vite: {
    plugins: [outsidePages()],
    // The compiler that VitePress uses does not know the newest targets, and this project's code is compiled elsewhere.
    esbuild: { tsconfigRaw: '{}' },
    // The index of the search, which is loaded with the first search.
    build: { chunkSizeWarningLimit: 3_000 },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/introduction/', activeMatch: '^/(?!reference/|benchmarks/|speed/|$)' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      { text: 'Benchmarks', link: '/speed/' },
      { text: 'GitHub', link: HOME },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    editLink: { pattern: `${HOME}/edit/main/:path`, text: 'Edit this page' },
    search: {
      provider: 'local',
      options: { miniSearch: { searchOptions: SEARCH_OPTIONS } },
    },
    externalLinkIcon: true,
  },
})
