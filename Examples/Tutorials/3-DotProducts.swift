// "Dot products and a linear layer": shared operands, and the errors that a missing nil causes.

import VMap

func dotProducts() throws -> Int {
  var story = Story("Dot products and a linear layer")
  let dotProduct: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { x, y in dot(x, y) }

  // A hundred pairs of vectors: every row of one matrix with the same row of the other.
  let row = Tensor<Int32>.arange(150)
  let xs = row.broadcast(to: [100, 150])
  let ys = (row + 100).broadcast(to: [100, 150])
  let products = try vmap(dotProduct)(xs, ys).scalars()
  print("100 pairs: \(products.prefix(2)) …")
  story.note(products == Array(repeating: 2_231_275, count: 100), "other products")

  // One vector with each of a hundred: it is not repeated, all calls read the same one.
  let shared = try vmap(dotProduct, inAxes: [nil, 0])(row, ys).scalars()
  print("one with 100: \(shared.prefix(2)) …")
  story.note(shared == products, "other products")

  // A linear layer maps a vector of 100 numbers to 64 numbers.
  let layer: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, x in matmul(w, x) }
  let w = try scattered([64, 100], seed: 1)
  let inputs = try scattered([16, 100], seed: 2)
  let outputs = try vmap(layer, inAxes: [nil, 0])(w, inputs)
  print("the layer over 16 inputs: \(outputs.shape)")
  let rows = try (0..<16).flatMap { try layer(w, inputs[$0]).scalars() }
  try story.compare(outputs, rows)

  // Without vmap the shapes do not fit, and mapping the weights too is the classic slip.
  story.showError("the layer on the whole batch", .shapeMismatch) { () throws(VMapError) in
    _ = try layer(w, inputs).scalars()
  }
  story.showError("both arguments mapped", .axisSizeMismatch) { () throws(VMapError) in
    _ = try vmap(layer, inAxes: 0)(w, inputs)
  }
  return story.failures
}
