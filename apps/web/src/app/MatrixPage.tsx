export function MatrixPage() {
  return <p>matrix</p>
}
