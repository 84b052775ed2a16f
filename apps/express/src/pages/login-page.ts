import { html } from '../html.ts'
import { page } from './layout.ts'

export function loginPage(): string {
  const content = html`<h1>Log in</h1>
<p class="lead">Any name will do: there are no passwords here.</p>
<form class="login" method="post" action="/account/login">
<label>Name <input name="user" required maxlength="40" autocomplete="username"></label>
<button class="primary">Log in</button>
</form>`
  return page({ title: 'Log in', section: 'account', content })
}
