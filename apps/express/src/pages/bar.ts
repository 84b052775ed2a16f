import { type Html, html } from '../html.ts'

/** A bar that is filled in part: a part of 1. What stands beside it tells the same. */
export function bar(share: number): Html {
  const width = (Math.min(Math.max(share, 0), 1) * 100).toFixed(2)
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="1"/></svg>`
}
