import { type Html, html } from '../html.ts'

export type Section = 'prints' | 'account' | 'cache'

export interface Layout {
  readonly title: string
  /** Which link of the navigation leads here. */
  readonly section?: Section
  readonly content: Html
  /** Path of a script of the page. */
  readonly script?: string
}

const LINKS: readonly (readonly [section: Section, path: string, title: string])[] = [
  ['prints', '/', 'Prints'],
  ['account', '/account', 'Account'],
  ['cache', '/cache', 'Cache'],
]

/** A complete page. */
export function page({ title, section, content, script }: Layout): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Julia Prints</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
${script && html`<script type="module" src="${script}"></script>`}
</head>
<body>
<header>
<a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28">Julia Prints</a>
<nav>${LINKS.map((link) => navigationLink(link, section))}</nav>
</header>
<main>
${content}
</main>
</body>
</html>
`.text
}

function navigationLink([name, path, title]: (typeof LINKS)[number], section: Section | undefined): Html {
  if (name === section) return html`<a href="${path}" aria-current="page">${title}</a>`
  return html`<a href="${path}">${title}</a>`
}
