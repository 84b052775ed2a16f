/** A share of 1 as a bar; what it says stands beside it. */
export function Bar({ share }: { share: number }) {
  const width = `${Math.round(1000 * Math.min(1, Math.max(0, share))) / 10}%`
  return (
    <span class="bar" aria-hidden="true">
      <span style={{ width }} />
    </span>
  )
}
