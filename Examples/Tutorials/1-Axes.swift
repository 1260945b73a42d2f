// "What does axes do in vmap": the same addition, mapped over different dimensions.

import VMap

func whatAxesDo() throws -> Int {
  var story = Story("What axes do in vmap")
  let add: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { x, y in x + y }

  // The function adds two scalars. Mapped over the only dimension of both arguments it sees one
  // pair at a time, and the results are stacked.
  let (x, y) = (Tensor<Int32>([1, 2, 3]), Tensor<Int32>([4, 5, 6]))
  try story.show("both mapped, inAxes [0, 0]", try vmap(add, inAxes: [0, 0])(x, y), is: [5, 7, 9])

  // `nil`: every call gets the whole of that argument, here one scalar.
  let ten = Tensor<Int32>(10)
  try story.show(
    "a shared scalar, inAxes [0, nil]", try vmap(add, inAxes: [0, nil])(x, ten), is: [11, 12, 13])

  // Axis 1 of a matrix: call i gets column i of both, a vector. The results become the rows of the
  // answer, as `outAxes` is 0 where nothing else is said: it looks like a transposed sum.
  let a = Tensor<Int32>([[1, 2], [3, 4]])
  let b = Tensor<Int32>([[5, 6], [7, 8]])
  try story.show(
    "columns, inAxes [1, 1]", try vmap(add, inAxes: [1, 1])(a, b), is: [6, 10, 8, 12])
  try story.show(
    "columns to columns, outAxes 1", try vmap(add, inAxes: [1, 1], outAxes: 1)(a, b),
    is: [6, 8, 10, 12])

  // Ten thousand calls are one kernel, and nothing is compiled for the new size.
  let numbers = Tensor<Int32>.arange(10_000)
  let sums = try vmap(add)(numbers, numbers + 10_000).scalars()
  print("10,000 sums: \(sums.prefix(3)) … \(sums.suffix(2))")
  story.note(sums == (0..<10_000).map { 2 * $0 + 10_000 }, "other sums")
  return story.failures
}
