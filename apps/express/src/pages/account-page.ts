import { html } from '../html.ts'
import type { Order } from '../shop/orders.ts'
import { page } from './layout.ts'

export function accountPage(user: string, orders: readonly Order[]): string {
  const content = html`<h1>Hello, ${user}</h1>
<p class="lead">This page is yours: it says <code>private, no-store</code>, and no cache keeps it.</p>
${orders.length === 0 ? html`<p>You have ordered nothing yet.</p>` : html`<ul>${orders.map(item)}</ul>`}
<form method="post" action="/account/logout"><button>Log out</button></form>`
  return page({ title: 'Account', section: 'account', content })
}

function item({ print, time }: Order) {
  const date = new Date(time).toISOString().slice(0, 10)
  return html`<li><a href="/prints/${encodeURIComponent(print)}">${print}</a>, ${date}</li>`
}
