import ts from 'typescript'

/** The lines of all JSDoc comments in the file. */
export function countDocLines(file: ts.SourceFile): number {
  // Several nodes share one comment: a variable and its statement, for instance.
  const comments = new Map<number, ts.JSDoc>()
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
      if (ts.isJSDoc(comment)) comments.set(comment.pos, comment)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return comments.values().reduce((lines, comment) => lines + comment.getText(file).split('\n').length, 0)
}
