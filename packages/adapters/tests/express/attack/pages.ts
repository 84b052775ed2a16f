/** What the application says of a page in `Cache-Control`. All of it is in seconds. */
export interface Page {
  readonly path: string
  readonly maxAge: number
  readonly staleWhileRevalidate: number
  /** The length of the body in bytes. */
  readonly size: number
}

/** How long a failure of the application may be hidden by a stale page, in seconds: longer than any run. */
export const STALE_IF_ERROR = 600

/** Pages that are renewed in the background, pages that each second somebody has to wait for, and pages that stay. */
export const PAGES: readonly Page[] = [
  ...pages('renewed', 8, { maxAge: 1, staleWhileRevalidate: 2 }),
  ...pages('awaited', 8, { maxAge: 1, staleWhileRevalidate: 0 }),
  ...pages('lasting', 4, { maxAge: 3_600, staleWhileRevalidate: 0 }),
]

/** A page that is streamed, as fast as its client reads. */
export const LARGE: Page = { path: '/large', maxAge: 1, staleWhileRevalidate: 0, size: 8 * 2 ** 20 }

/** The languages of the pages, and what honest clients ask for. */
export const LANGUAGES: readonly string[] = ['de', 'en', 'fr']

/** The first line of a page: who would see it, and when it was made, in epoch milliseconds. */
export interface PageHead {
  readonly path: string
  readonly language: string
  readonly host: string
  readonly made: number
}

/** Returns the milliseconds for which an answer may be used (RFC 9111, 4.2 and RFC 5861, 3), if the application does not fail. */
export function longestAge({ maxAge, staleWhileRevalidate }: Page): number {
  return (maxAge + staleWhileRevalidate) * 1_000
}

function pages(name: string, count: number, rest: Omit<Page, 'path' | 'size'>): Page[] {
  return Array.from({ length: count }, (_, at) => ({ path: `/${name}/${at}`, size: 5_000, ...rest }))
}
