// "JAX vmap (a model of one neuron layer)": from one input vector to many.

import VMap

func neuronLayer() throws -> Int {
  var story = Story("A layer of neurons, written for one input")
  let w = try Tensor<Float>(
    shape: [3, 5],
    scalars: [
      0.5890237, 0.7331185, -1.1621888, -0.55681604, -0.7724884,
      -0.16822143, -0.4165039, -1.3784313, 0.7492559, 0.17888446,
      0.6940112, -1.9780535, -0.8338143, 0.56437343, 0.312013,
    ])
  let vs = try Tensor<Float>(
    shape: [4, 5],
    scalars: [
      -0.4210479, 0.17043677, 1.5277089, -0.18105945, -0.036078833,
      -1.1532632, 0.17080331, 1.1410662, 0.58317733, 0.2262734,
      0.42222252, -0.88826966, 0.48353809, 0.36364594, 1.62182,
      0.5550112, -0.16648886, -1.1047997, -0.9786655, 0.43419915,
    ])

  // One input vector of five numbers goes in, one number comes out. Nothing in here speaks of a batch.
  let model: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, v in
    tanh(matmul(w, v) + 1).sum()
  }

  // The weights are shared, the rows of `vs` are the examples.
  let batched = vmap(model, inAxes: [nil, 0])
  let answer: [Float] = [-2.2630827, -1.4514353, 0.9401485, 2.9187164]
  try story.show("model over 4 inputs", try batched(w, vs), isNear: answer)

  // A loop gives the same numbers; the batched call needs one kernel for all of them.
  let rows = try (0..<4).map { try model(w, vs[$0]).scalar() }
  print("called row by row:\n\(rows)")
  story.note(rows.count == 4 && zip(rows, answer).allSatisfy { abs($0 - $1) < 1e-5 }, "other rows")

  // What one would have written by hand, and what runs.
  let lowered = try batched.lowered(w, vs)
  print("the program of the batch:\n\(lowered.batched)")
  print("kernels: \(lowered.kernelCount)")
  return story.failures
}
