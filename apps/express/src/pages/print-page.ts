import { html } from '../html.ts'
import type { Print } from '../shop/print.ts'
import { page } from './layout.ts'

export function printPage(print: Print): string {
  const { id, title, about, constant, price, stock } = print
  const content = html`<article class="print">
<img src="/prints/${encodeURIComponent(id)}/picture.png" alt="${title}" width="480" height="600">
<div>
<h1>${title}</h1>
<p class="lead">${about}</p>
<dl>
<dt>Formula</dt><dd>z² + c, c = ${constant.re} ${constant.im < 0 ? '−' : '+'} ${Math.abs(constant.im)} i</dd>
<dt>Price</dt><dd>€ ${price}</dd>
<dt>In stock</dt><dd>${stock}</dd>
</dl>
<form method="post" action="/account/orders">
<input type="hidden" name="print" value="${id}">
<button class="primary">Order</button>
</form>
</div>
</article>`
  return page({ title, section: 'prints', content })
}
