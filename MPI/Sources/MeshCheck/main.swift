import Glibc
import VMap
import VMapMPI

// Prints what several calls give, with all bits, from the first process: the same for any number of them.
//
//     mpirun -n 4 MeshCheck [fail]

/// Numbers that follow no pattern.
func samples(_ count: Int, _ width: Int) throws -> Tensor<Float> {
  var state: UInt32 = 1
  return try Tensor(
    shape: [count, width],
    scalars: (0..<count * width).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    })
}

/// A number that differs where any bit does.
func digest(_ tensor: Tensor<Float>) throws -> String {
  var hash: UInt64 = 14_695_981_039_346_656_037
  for value in try tensor.scalars() {
    hash = (hash ^ UInt64(value.bitPattern)) &* 1_099_511_628_211
  }
  return "\(tensor.shape) \(String(hash, radix: 16))"
}

func check() throws {
  let mesh = MPIMesh.world
  let x = try samples(20_001, 8)
  let weights = try samples(1, 8)[0]
  let loss: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { w, x in
    tanh((w * x).sum()) * x[0]
  }
  let results = [
    "map": try vmap({ (x: Tensor<Float>) in tanh(x).sum() }, mesh: .mpi)(x),
    "columns": try vmap({ (x: Tensor<Float>) in x * 2 }, outAxes: 1, mesh: .mpi)(x),
    "centered": try vmap(
      { (x: Tensor<Float>) in x - x.mean(over: "i") }, axisName: "i", mesh: .mpi)(x),
    "gradient": try vmap(grad(loss), inAxes: [nil, 0], outAxes: .sum, mesh: .mpi)(weights, x),
    "few": try vmap({ (x: Tensor<Float>) in exp(x) }, mesh: .mpi)(x[..<2]),
  ]
  guard mesh.rank == 0 else { return }
  for (name, result) in results.sorted(by: { $0.key < $1.key }) {
    print(name, try digest(result))
  }
}

do {
  if CommandLine.arguments.contains("fail"), MPIMesh.world.rank == 1 {
    kill(getpid(), SIGKILL)
  }
  try check()
} catch {
  let message = Array("process \(MPIMesh.world.rank): \(error)\n".utf8)
  _ = message.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  exit(1)
}
