/** Keeps the page about the cache up to date. */

const content = document.querySelector('#content')

/** What changes, anew; what has the focus keeps it. */
async function refresh() {
  const response = await fetch('/cache/content')
  // Between pressing a button and letting it go it must stay where it is.
  if (!response.ok || content.matches(':active')) return
  const markup = await response.text()
  const focused = document.activeElement?.id
  content.innerHTML = markup
  if (focused) document.getElementById(focused)?.focus()
}

/** A button, without leaving the page. */
async function submit(event) {
  event.preventDefault()
  const form = event.target
  const body = new URLSearchParams(new FormData(form, event.submitter))
  await fetch(form.action, { method: 'POST', body, redirect: 'manual' })
  await refresh()
}

/** Once a second while somebody can see it, and never twice at a time. */
async function follow() {
  if (!document.hidden) await refresh().catch(() => undefined)
  setTimeout(follow, 1_000)
}

content.addEventListener('submit', submit)
follow()
