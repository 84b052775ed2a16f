import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'

const PAGES = 'pages'
const SITE = 'site'
mkdirSync(PAGES, { recursive: true })
mkdirSync(SITE, { recursive: true })
if (readdirSync(PAGES).length === 0)
  for (let number = 1; number <= 50; number++) writeFileSync(join(PAGES, `${number}.txt`), `Page ${number}`)

const cache = new Cache('website-cache', { sizeLimit: 100 * 1024 ** 2 })
let rendered = 0

/** Stands in for what takes time: Markdown, highlighting, pictures. */
function render(text: string): string {
  rendered++
  return `<!doctype html><h1>${text}</h1>`
}

/** A page is known by what is in it: the same text is never rendered twice, whatever its file is called. */
const renderOnce = cache.memoize(render, {
  name: 'render, template 1', // a new template has a new name
  key: (text) => createHash('sha256').update(text).digest('hex'),
  ttl: 30 * 86_400_000, // what is in no page any more goes by itself
})

for (const name of readdirSync(PAGES)) {
  const text = readFileSync(join(PAGES, name), 'utf8')
  writeFileSync(join(SITE, name.replace(/txt$/, 'html')), renderOnce(text))
}
console.log(`${readdirSync(SITE).length} pages, ${rendered} of them rendered`)

// For the next run: somebody writes.
writeFileSync(join(PAGES, '7.txt'), 'Page 7, which is better now')
cache.close()
