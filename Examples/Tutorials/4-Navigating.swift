// "Navigating vmap (custom_dot, in_axes, out_axes, mm)": from a dot product to a matrix product.

import VMap

func navigatingVmap() throws -> Int {
  var story = Story("From a dot product to a matrix product")

  // A function of one's own is mapped like any other.
  let squaredDot: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { x, y in
    dot(x, y) ** 2
  }
  let x = Tensor<Int32>([[2, 2, 2], [3, 3, 3]])
  let y = Tensor<Int32>([[4, 4, 4], [5, 5, 5]])
  try story.show("squared dot products", try vmap(squaredDot)(x, y), is: [576, 2025])

  // Which dimension is the batch is the caller's business: b is in front here…
  let product: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { x, y in outer(x, y) }
  let (xba, ybc) = (try scattered([7, 4], seed: 1), try scattered([7, 3], seed: 2))
  let front = try vmap(product, inAxes: [0, 0])(xba, ybc)
  print("X [b, a], Y [b, c], inAxes [0, 0]: \(front.shape)")
  story.note(front.shape == [7, 4, 3], "expected [7, 4, 3]")

  // … and at the back here. Nothing is transposed for it: the kernel reads with other strides.
  let (xab, ycb) = (xba.transposed(), ybc.transposed())
  let back = try vmap(product, inAxes: [1, 1])(xab, ycb)
  print("X [a, b], Y [c, b], inAxes [1, 1]: \(back.shape)")
  try story.compare(back, try front.scalars())

  // A matrix with each column of another.
  let (m, n) = (try scattered([4, 7], seed: 3), try scattered([7, 3], seed: 4))
  let apply: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { m, v in matmul(m, v) }
  let columns = try vmap(apply, inAxes: [nil, 1])(m, n)
  print("X [a, b], Y [b, c], inAxes [nil, 1]: \(columns.shape)")
  try story.compare(columns, try matmul(m, n).transposed().scalars())

  // One vmap of the dot product multiplies a matrix with a vector, two multiply two matrices.
  let dotProduct: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { x, y in dot(x, y) }
  let mv = vmap(dotProduct, inAxes: [0, nil])
  let mm = vmap(mv, inAxes: [nil, 1], outAxes: 1)
  let (a, b) = (try scattered([6, 9], seed: 5), try scattered([9, 5], seed: 6))
  try story.compare(try mv(a, b[.all, 0]), try matmul(a, b[.all, 0]).scalars())
  try story.compare(try mm(a, b), try matmul(a, b).scalars())
  print("mv: \(try mv(a, b[.all, 0]).shape), mm: \(try mm(a, b).shape)")

  // Both maps end up in one matrix product: a single contraction in the program.
  print("the program of mm:\n\(try mm.lowered(a, b).batched)")
  return story.failures
}
