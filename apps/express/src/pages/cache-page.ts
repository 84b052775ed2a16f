import { html } from '../html.ts'
import { type CacheView, cacheContent } from './cache-content.ts'
import { page } from './layout.ts'

/** What is cached. A script brings its content up to date every second; without it, its buttons work as well. */
export function cachePage(view: CacheView): string {
  const content = html`<h1>Cache</h1>
<p class="lead">Responses are those that all processes have stored; hits, rate and times are those of this process.</p>
<div id="content">${cacheContent(view)}</div>`
  return page({ title: 'Cache', section: 'cache', content, script: '/cache.js' })
}
