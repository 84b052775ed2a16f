/**
 * Returns what becomes of instances of the application's classes, which nobody knows here: whoever reads sees them as plain
 * objects. Whoever writes is refused them, since a change of such an entry would store a plain object in its place.
 */
export function classesFor(readonly: boolean): { readonly classes?: 'plain' } {
  return readonly ? { classes: 'plain' } : {}
}
