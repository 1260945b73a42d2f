// An oscillator whose damping is a parameter, integrated for many parameters at once. The step adapts to
// the error, so that each example takes as many steps as it needs.

import ExampleSupport
import VMap

var example = Example("van-der-pol", "Van der Pol's oscillator, every example with its own steps")
let count = 256
let frames = 400
let times = Tensor<Double>.linspace(0, 20, count: frames + 1)

/// x'' = µ (1 - x²) x' - x, from (2, 0): the state at all times, and the number of steps.
let orbit: @Sendable (Tensor<Double>) -> (Tensor<Double>, Tensor<Int32>) = { mu in
  let start = Progress(state: Tensor([2, 0]), step: Tensor(0.01))
  let (end, states) = scan(start, times[1...]) { progress, time in
    let next = integrate(progress, to: time, tolerance: 1e-10) { state in
      let (x, v) = (state[0], state[1])
      return stack([v, mu * (1 - x * x) * v - x])
    }
    return (next, next.state)
  }
  return (states, end.count)
}

let mus = Tensor<Double>.linspace(0.1, 8, count: count)
let orbits = vmap(orbit)
_ = try orbits(mus).0.scalars()
let (states, steps) = try example.timed("\(count) oscillators") {
  let (states, steps) = try orbits(mus)
  return (try states.scalars(), try steps.scalars())
}
print("steps: from \(steps.min() ?? 0) to \(steps.max() ?? 0)")

func state(_ index: Int, _ frame: Int) -> (x: Double, y: Double) {
  let start = (index * frames + frame) * 2
  return (states[start], states[start + 1])
}

/// The same with many small steps of the classical method, in plain Swift.
func reference(_ mu: Double) -> (x: Double, y: Double) {
  func slope(_ s: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(s.y, mu * (1 - s.x * s.x) * s.y - s.x)
  }
  var s = SIMD2<Double>(2, 0)
  let h = 20.0 / 100_000
  for _ in 0..<100_000 {
    let a = slope(s)
    let b = slope(s + h / 2 * a)
    let c = slope(s + h / 2 * b)
    let d = slope(s + h * c)
    s += h / 6 * (a + 2 * b + 2 * c + d)
  }
  return (s.x, s.y)
}

let parameters = try mus.scalars()
var worst = 0.0
for index in stride(from: 0, to: count, by: 15) {
  let (found, exact) = (state(index, frames - 1), reference(parameters[index]))
  worst = max(worst, abs(found.x - exact.x), abs(found.y - exact.y) / (1 + abs(exact.y)))
}
example.check("largest difference from many small steps: \(rounded(worst))", worst < 1e-6)

var picture = Picture(width: 480, height: 320)
let frame = Frame(x: -2.6...2.6, y: -12...12, columns: 0..<480)
for index in stride(from: 5, to: count, by: 25).reversed() {
  let color = Color.heat(Double(index) / Double(count))
  picture.drawPath((100..<frames).map { state(index, $0) }, in: frame, color: color)
}
try example.finish(picture)
