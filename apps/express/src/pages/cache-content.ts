import type { CachedTag, CachedUrl, CacheState } from '../cache-state.ts'
import { type Html, html } from '../html.ts'
import { formatBytes, formatSeconds, formatShare, formatTime } from '../shop/quantities.ts'
import type { OutcomeTotal, Traffic, Visit } from '../traffic.ts'
import { bar } from './bar.ts'

export interface CacheView {
  readonly state: CacheState
  readonly traffic: Traffic
}

/** What of the page about the cache changes. */
export function cacheContent({ state, traffic }: CacheView): Html {
  return html`${figures(state, traffic)}
<section class="panel">
<h2>Responses</h2>
${state.urls.length === 0 ? html`<p class="empty">Nothing is stored. Look at some prints.</p>` : urlTable(state)}
</section>
<div class="columns">
<section class="panel"><h2>Tags</h2>${tagTable(state)}</section>
<section class="panel"><h2>Latest requests</h2>${visitTable(traffic)}</section>
</div>`
}

function figures({ responses, urls, volume, sizeLimit }: CacheState, traffic: Traffic): Html {
  const [hits, stored, passed] = [traffic.total('hit'), traffic.total('stored'), traffic.total('passed')]
  const asked = hits.count + stored.count
  const rate = hits.count / Math.max(1, asked)
  return html`<section class="figures">
<div class="panel"><h3>Responses</h3><p>${responses}</p><small>of ${urls.length} URLs</small></div>
<div class="panel"><h3>On disk</h3><p>${formatBytes(volume)}</p>${bar(volume / sizeLimit)}<small>of ${formatBytes(sizeLimit)}</small></div>
<div class="panel"><h3>Hit rate</h3><p>${formatShare(rate)}</p>${bar(rate)}<small>${hits.count} of ${asked}; ${passed.count} not cacheable</small></div>
<div class="panel"><h3>Mean answer</h3><p>${mean(hits)}</p><small>from the cache; else ${mean(stored)}</small></div>
</section>`
}

function mean({ count, duration }: OutcomeTotal): string {
  return count === 0 ? '–' : formatTime(duration / count)
}

function urlTable({ urls, time }: CacheState): Html {
  const largest = Math.max(...urls.map(({ size }) => size))
  const most = Math.max(1, ...urls.map(({ hits }) => hits))
  return html`<table>
<thead><tr><th>URL</th><th>Tags</th><th class="number">Size</th><th class="number">Hits</th><th class="number">Age</th><th class="number">Fresh for</th><th></th></tr></thead>
<tbody>${urls.map((url) => urlRow(url, { largest, most, time }))}</tbody>
</table>`
}

function urlRow(
  cached: CachedUrl,
  { largest, most, time }: { largest: number; most: number; time: number },
): Html {
  const { url, variants, tags, size, hits, storedAt, freshUntil } = cached
  const path = pathOf(url)
  const [left, lifetime] = [freshUntil - time, Math.max(1, freshUntil - storedAt)]
  return html`<tr data-path="${path}">
<td><a href="${path}">${path}</a>${variants > 1 ? html` <small>${variants} variants</small>` : undefined}</td>
<td>${tags.map((tag) => html`<span class="tag">${tag}</span> `)}</td>
<td>${measure(formatBytes(size), size / Math.max(1, largest))}</td>
<td data-hits="${hits}">${measure(String(hits), hits / most)}</td>
<td class="number">${formatSeconds(time - storedAt)}</td>
<td>${measure(left > 0 ? formatSeconds(left) : 'stale', left / lifetime)}</td>
<td>${purgeButton('url', url, path)}</td>
</tr>
`
}

function measure(text: string, share: number): Html {
  return html`<div class="measure number">${text}${bar(share)}</div>`
}

function tagTable({ tags }: CacheState): Html {
  return html`<table>
<thead><tr><th>Tag</th><th class="number">Responses</th><th class="number">Size</th><th></th></tr></thead>
<tbody>${tags.map(tagRow)}</tbody>
</table>`
}

function tagRow({ tag, responses, size }: CachedTag): Html {
  return html`<tr data-tag="${tag}">
<td><span class="tag">${tag}</span></td>
<td class="number">${responses}</td>
<td class="number">${formatBytes(size)}</td>
<td>${purgeButton('tag', tag, tag)}</td>
</tr>
`
}

function purgeButton(kind: 'url' | 'tag', value: string, label: string): Html {
  return html`<form method="post" action="/cache/purge"><button id="purge-${kind}-${value}" name="${kind}" value="${value}" aria-label="Purge ${label}">Purge</button></form>`
}

function visitTable({ latest }: Traffic): Html {
  return html`<table class="visits">
<thead><tr><th>Request</th><th>Cache</th><th class="number">Time</th></tr></thead>
<tbody>${latest.map(visitRow)}</tbody>
</table>`
}

function visitRow({ method, path, outcome, status, duration }: Visit): Html {
  return html`<tr><td>${method} ${path}</td><td class="${outcome}">${status}</td><td class="number">${formatTime(duration)}</td></tr>
`
}

/** All have the same host. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
