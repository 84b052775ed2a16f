declare module 'express4' {
  import express from 'express'
  // biome-ignore lint/style/noDefaultExport: it is what the package has
  export default express
}
