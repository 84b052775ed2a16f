const STEPS = [
  { unit: 'd', milliseconds: 86_400_000 },
  { unit: 'h', milliseconds: 3_600_000 },
  { unit: 'min', milliseconds: 60_000 },
  { unit: 's', milliseconds: 1000 },
] as const

/** Returns a length of time in its largest unit, rounded down: `3 min`, or `now` for less than a second. */
export function spanText(milliseconds: number): string {
  for (const step of STEPS) {
    const amount = Math.floor(milliseconds / step.milliseconds)
    if (amount > 0) return `${amount.toLocaleString('en')} ${step.unit}`
  }
  return 'now'
}

/** Returns how long ago something was: `3 min ago`. */
export function agoText(time: number, now: number): string {
  const span = spanText(now - time)
  return span === 'now' ? 'just now' : `${span} ago`
}

/** Returns when an entry expires: `in 3 min`, `expired`, or `never`. */
export function expiryText(expireTime: number | null, isExpired: boolean, now: number): string {
  if (expireTime === null) return 'never'
  if (isExpired || expireTime <= now) return 'expired'
  const span = spanText(expireTime - now)
  return span === 'now' ? 'in less than 1 s' : `in ${span}`
}

/** Returns a moment in the time zone of who looks: `2026-11-27 20:14:05`. */
export function momentText(time: number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return String(time)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}
