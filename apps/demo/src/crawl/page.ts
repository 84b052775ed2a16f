import { linksIn } from './links.ts'

/** What a crawler keeps of a page. */
export interface Page {
  /** 404 for a broken link. */
  readonly status: number
  readonly title: string
  /** Paths on the same website, each once. */
  readonly links: readonly string[]
}

export async function fetchPage(origin: string, path: string): Promise<Page> {
  const response = await fetch(new URL(path, origin))
  const html = await response.text()
  return { status: response.status, title: titleOf(html), links: linksIn(html, path) }
}

function titleOf(html: string): string {
  return html.match(/<title>(.*?)<\/title>/s)?.[1] ?? ''
}
