export const getStaticProps = () => ({ notFound: true, revalidate: 3600 })

export default function Page() {
  return <p>never</p>
}
