import { made } from '../../made.js'

export const revalidate = 3600

export default function Page() {
  return <p>{made()}</p>
}
