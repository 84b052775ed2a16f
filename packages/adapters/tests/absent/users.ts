import { CALLING_USERS } from './calling-users.ts'
import { openRequestControl, REQUESTING_USERS } from './requesting-users.ts'
import { type AnyFace, type Compute, callingUser, type User, type UserKind } from './user.ts'

/** Everything through which an application uses a store as a cache. */
export const USER_KINDS: readonly UserKind[] = [...REQUESTING_USERS, ...CALLING_USERS]

/** A user by its name, and the name of the one that asks in the same way without a cache. */
export interface NamedUser {
  readonly name: string
  readonly control: string | undefined
  readonly user: User
}

/** Opens one user of each kind, each on a store of its own, and the controls, which have none. */
export async function openUsers(
  storeOf: (name: string) => AnyFace,
  compute: Compute,
): Promise<readonly NamedUser[]> {
  const controls = [
    { name: 'call', control: undefined, user: callingUser(compute) },
    { name: 'request', control: undefined, user: await openRequestControl(compute) },
  ]
  const users: NamedUser[] = []
  for (const { name, control, open } of USER_KINDS)
    users.push({ name, control, user: await open(storeOf(name), compute) })
  return [...controls, ...users]
}
