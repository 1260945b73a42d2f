import Glibc
import Kernels
import Testing

/// Compares the functions with the C library in a more precise type.
///
/// `VMAP_TEST_ALL=1` takes 64 times as many samples; `VMAP_TEST_PRINT=1` prints the largest errors.
@Suite struct AccuracyTests {
  static let isFull = getenv("VMAP_TEST_ALL") != nil

  @Test(arguments: KernelLibrary.functions)
  func floatsAreWithinTheStatedError(_ function: MathFunction) throws {
    try check(function, Float.self, bound: function.ulpF32, count: 1 << 15)
  }

  #if arch(x86_64)
    @Test(
      .enabled(if: FunctionRunner<Float>.types.contains(.f64)), arguments: KernelLibrary.functions)
    func doublesAreWithinTheStatedError(_ function: MathFunction) throws {
      try check(function, Double.self, bound: function.ulpF64, count: 1 << 14)
    }
  #endif

  private func check<T: Judged>(
    _ function: MathFunction, _: T.Type, bound: Double, count: Int
  ) throws {
    let run = try FunctionRunner<T>(function)
    let count = Self.isFull ? count << 6 : count
    let (x, y): ([T], [T])
    if function.argumentCount == 1 {
      x = Samples.special() + Samples.spread(count, seed: 1)
      y = x
    } else {
      (x, y) = Samples.pairs(count, seed: 2)
    }
    typealias Runner = FunctionRunner<T>
    let worst = try worstError(of: run, function, Runner.padded(x), Runner.padded(y))
    #expect(
      worst.error <= bound,
      "\(function.name)(\(worst.x), \(worst.y)) = \(worst.result), off by \(worst.error) ulp")
    if getenv("VMAP_TEST_PRINT") != nil {
      print("\(function.name) \(T.self): \(worst.error) ulp at \(worst.x), \(worst.y)")
    }
  }

  private struct Worst<T> {
    var error = 0.0
    var x: T
    var y: T
    var result: T
  }

  private func worstError<T: Judged>(
    of run: FunctionRunner<T>, _ function: MathFunction, _ x: [T], _ y: [T]
  ) throws -> Worst<T> {
    let reference = try #require(T.references[function.name])
    let results = try run(x, y)[0]
    var worst = Worst<T>(x: 0, y: 0, result: 0)
    for index in x.indices {
      let exact = reference(T.Judge(x[index]), T.Judge(y[index]))
      let error = Self.error(of: results[index], exact, floor: function.floor)
      if error > worst.error {
        worst = Worst(error: error, x: x[index], y: y[index], result: results[index])
      }
    }
    return worst
  }

  /// The distance in units in the last place of the exact value, or of a floor above it; infinite
  /// for a wrong kind.
  private static func error<T: Judged>(
    of result: T, _ exact: T.Judge, floor: Double
  ) -> Double {
    if exact.isNaN || result.isNaN { return exact.isNaN && result.isNaN ? 0 : .infinity }
    let rounded = T(exact)
    if rounded == result {
      if result == 0, floor == 0, result.sign != exact.sign { return .infinity }
      if result.isInfinite { return 0 }
    }
    if result.isInfinite && rounded.isInfinite { return .infinity }
    // An infinity stands for the power of two after the largest finite value.
    let limit = T.Judge(T.greatestFiniteMagnitude) + T.Judge(T.greatestFiniteMagnitude.ulp)
    func finite(_ value: T.Judge) -> T.Judge {
      value.isInfinite ? (value < 0 ? -limit : limit) : value
    }
    let target = finite(exact)
    let ulp = T.Judge(min(max(T(target).magnitude, T(floor)), .greatestFiniteMagnitude).ulp)
    return Double((finite(T.Judge(result)) - target).magnitude / ulp)
  }
}
