// Predators and their prey: four rates are found from where populations are at some time. Each example
// is integrated in as many steps as its own error needs, and the derivatives go back through these steps,
// without a bound on their number.

import ExampleSupport
import Foundation
import VMap

var example = Example("fitting", "The rates of an ecosystem, from 48 observations")
let count = 48

/// The logarithms of prey and predators at a time, and how many steps it took: x' = a x - b x y,
/// y' = c x y - d y, with rates that are the exponentials of the parameters.
let populations:
  @Sendable (Tensor<Double>, Tensor<Double>, Tensor<Double>) -> (Tensor<Double>, Tensor<Int32>) = {
    parameters, start, time in
    let rates = exp(parameters)
    let progress = Progress(state: start, step: Tensor(0.05))
    let end = integrate(progress, to: time, tolerance: 1e-6) { state in
      let prey = rates[0] - rates[1] * exp(state[1])
      let predators = rates[2] * exp(state[0]) - rates[3]
      return stack([prey, predators])
    }
    return (end.state, end.count)
  }

let truth = Tensor<Double>([1.1, 0.4, 0.1, 0.4])
let keys = Random.key(5).split()
let starts = log(Random.uniform(keys[0], [count, 2], of: Double.self) * 8 + 2)
let times = Tensor<Double>.linspace(0.5, 12, count: count)
let (observed, steps) = try vmap(populations, inAxes: [nil, 0, 0])(log(truth), starts, times)
let stepCounts = try steps.scalars()
example.check(
  "steps: from \(stepCounts.min() ?? 0) to \(stepCounts.max() ?? 0)",
  Set(stepCounts).count > 10)

/// How far populations are from what was observed.
let loss:
  @Sendable (Tensor<Double>, Tensor<Double>, Tensor<Double>, Tensor<Double>) -> Tensor<Double> = {
    parameters, start, time, observed in
    let (state, _) = populations(parameters, start, time)
    return square(state - observed).sum()
  }
/// The sums of losses and of their gradients over all examples.
let sums = vmap(valueAndGrad(loss), inAxes: [nil, 0, 0, 0], outAxes: .sum)

// The gradient beside differences.
var parameters = log(Tensor<Double>([0.8, 0.5, 0.15, 0.5]))
let slopes = try sums(parameters, starts, times, observed).1.scalars()
let total = vmap(loss, inAxes: [nil, 0, 0, 0], outAxes: .sum)
var worst = 0.0
for index in 0..<4 {
  let step = Tensor<Double>((0..<4).map { $0 == index ? 1e-4 : 0 })
  let above = try total(parameters + step, starts, times, observed).scalar()
  let below = try total(parameters - step, starts, times, observed).scalar()
  let difference = (above - below) / 2e-4
  worst = max(worst, abs(difference - slopes[index]) / (1 + abs(difference)))
}
example.check("gradient: off from differences by \(rounded(worst))", worst < 1e-4)

let optimizer = Adam(learningRate: 0.05)
let update = jit {
  (
    parameters: Tensor<Double>, state: Adam.State<Tensor<Double>>, gradient: Tensor<Double>
  ) in
  try optimizer.updated(parameters, state, gradient: gradient / Double(count))
}
var state = try optimizer.initialState(for: parameters)
var curve: [Double] = []
try example.timed("600 steps downhill") {
  for _ in 0..<600 {
    let (value, gradient) = try sums(parameters, starts, times, observed)
    (parameters, state) = try update(parameters, state, gradient)
    curve.append(try value.scalar() / Double(count))
  }
}
let rates = try exp(parameters).scalars()
let error = try zip(rates, truth.scalars()).map { abs($0 / $1 - 1) }.max() ?? 1
example.check("rates: \(rates.map(rounded).joined(separator: ", "))", error < 0.01)

var picture = Picture(width: 480, height: 320)
let frame = Frame(x: 0...Double(curve.count - 1), y: -8...2, columns: 0..<480)
picture.drawPath(
  curve.enumerated().map { (Double($0), log10($1)) }, in: frame, color: Color.heat(0.6))
try example.finish(picture)
