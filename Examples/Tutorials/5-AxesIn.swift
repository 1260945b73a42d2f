// "Axes in vmap()": every combination of inAxes and outAxes, and what they do to shapes.

import VMap

func axesInVmap() throws -> Int {
  var story = Story("Axes in and axes out")
  let add: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { x, y in x + y }

  // Every pair of axes of two 2 × 2 matrices, and every place for the result. Where one argument is
  // not mapped, each call adds a whole matrix to a row or a column, which broadcasts.
  let x = Tensor<Int32>([[1, 2], [3, 4]])
  let y = Tensor<Int32>([[10, 20], [30, 40]])
  let choices: [Axes] = [nil, 0, 1, -1, -2]
  var count = 0
  for (first, second) in choices.flatMap({ a in choices.map { (a, $0) } }) {
    guard first != nil || second != nil else { continue }
    for out in [0, 1] {
      let result = try vmap(add, inAxes: [first, second], outAxes: .axis(out))(x, y)
      let calls = [0, 1].map { call in part(of: x, first, call) + part(of: y, second, call) }
      let answer = stack(calls, axis: out)
      story.note(
        try result.shape == answer.shape && result.scalars() == answer.scalars(),
        "inAxes [\(first), \(second)], outAxes \(out): \(result)")
      count += 1
    }
  }
  print("\(count) combinations on 2 × 2 matrices agree with a loop")

  // An axis leaves the shape where inAxes says, and comes back where outAxes says.
  print("\nx and y have shape [2, 3, 5, 7, 9]:\n")
  print("inAxes    outAxes   shape")
  let table: [(inAxes: Axes, size: Int, rest: [Int])] = [
    ([0, 0], 2, [3, 5, 7, 9]), ([1, 1], 3, [2, 5, 7, 9]), ([2, -3], 5, [2, 3, 7, 9]),
    ([4, -1], 9, [2, 3, 5, 7]),
  ]
  let large = Tensor<Int32>.zeros([2, 3, 5, 7, 9])
  for (inAxes, size, rest) in table {
    for out in 0..<5 {
      let shape = try vmap(add, inAxes: inAxes, outAxes: .axis(out))(large, large).shape
      print("\(padded("\(inAxes)"))\(padded("\(out)"))\(shape)")
      var answer = rest
      answer.insert(size, at: out)
      story.note(shape == answer, "expected \(answer)")
    }
  }

  // outAxes counts in the result with the batch, and from its end where it is negative.
  print("\nx[newaxis] + y for x [2, 3, 5], y [4, 1, 5], inAxes [0, nil]:\n")
  let shift: @Sendable (Tensor<Int32>, Tensor<Int32>) -> Tensor<Int32> = { x, y in
    x[.newAxis] + y
  }
  let (u, v) = (Tensor<Int32>.zeros([2, 3, 5]), Tensor<Int32>.zeros([4, 1, 5]))
  for out in -4..<4 {
    let shape = try vmap(shift, inAxes: [0, nil], outAxes: .axis(out))(u, v).shape
    print("outAxes \(padded("\(out)"))\(shape)")
    var answer = [4, 3, 5]
    answer.insert(2, at: out < 0 ? out + 4 : out)
    story.note(shape == answer, "expected \(answer)")
  }

  print("")
  story.showError("inAxes [0, 1]", .axisSizeMismatch) { () throws(VMapError) in
    _ = try vmap(add, inAxes: [0, 1])(large, large)
  }
  story.showError("inAxes [nil, nil]", .nothingMapped) { () throws(VMapError) in
    _ = try vmap(add, inAxes: [nil, nil])(x, y)
  }
  return story.failures
}

/// What one call gets of an argument.
private func part(of x: Tensor<Int32>, _ axis: Axes, _ call: Int) -> Tensor<Int32> {
  switch axis {
  case .axis(0), .axis(-2): x[call]
  case .axis: x[.all, call]
  default: x
  }
}

private func padded(_ text: String) -> String {
  text + String(repeating: " ", count: max(0, 10 - text.count))
}
