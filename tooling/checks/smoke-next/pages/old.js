import { made } from '../made.js'

export const getStaticProps = () => ({ props: { text: made() }, revalidate: 3600 })

export default function Page({ text }) {
  return <p>{text}</p>
}
