import { html } from '../html.ts'
import type { Print } from '../shop/print.ts'
import { page } from './layout.ts'

export function printsPage(prints: readonly Print[]): string {
  const content = html`<h1>Prints of Julia sets</h1>
<p class="lead">Computed, not drawn: every picture is z² + c, a few million times over.
<a href="/sales.csv">Last year’s sales</a> as a table.</p>
<ul class="prints">
${prints.map(item)}
</ul>`
  return page({ title: 'Prints', section: 'prints', content })
}

function item({ id, title, price }: Print) {
  const path = `/prints/${encodeURIComponent(id)}`
  return html`<li><a href="${path}">
<img src="${path}/picture.png" alt="" width="480" height="600" loading="lazy">
<span>${title}</span> <span class="price">€ ${price}</span>
</a></li>
`
}
