const HREF = /<a\s[^>]*?\bhref=(?:"([^"]*)"|'([^']*)')/gi

/** Stands for the website, wherever it is served. */
const ORIGIN = 'http://website.invalid'

/** The paths to which a page links on its own website, each once, without queries and fragments. */
export function linksIn(html: string, path: string): string[] {
  const links = new Set<string>()
  for (const [, double, single] of html.matchAll(HREF)) {
    const url = URL.parse((double ?? single!).replaceAll('&amp;', '&'), `${ORIGIN}${path}`)
    if (url?.origin === ORIGIN) links.add(url.pathname)
  }
  return [...links]
}
