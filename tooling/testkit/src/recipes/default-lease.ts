/** How long a hold lives without being renewed, in milliseconds, where no `lease` is given. */
export const DEFAULT_LEASE = 30_000
