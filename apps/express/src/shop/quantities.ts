/** As a reader wants it: `812 B`, `64 KB`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** The same for milliseconds: `0.8 ms`, `43 ms`, `2.1 s`, `4 min 05 s`, `3 h 20 min`. */
export function formatTime(time: number): string {
  if (time < 10) return `${time.toFixed(1)} ms`
  if (time < 1_000) return `${Math.round(time)} ms`
  if (time < 10_000) return `${(time / 1_000).toFixed(1)} s`
  return formatSeconds(time)
}

/** The same without fractions: for what is shown anew every second. */
export function formatSeconds(time: number): string {
  const seconds = Math.max(0, Math.floor(time / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`
}

/** A part of 1 as `87 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
