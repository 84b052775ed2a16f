export default async function handler(_request, response) {
  await response.revalidate('/old')
  response.json('done')
}
