import Device
import VMap

typealias F = Tensor<Float>
typealias I = Tensor<Int32>
typealias B = Tensor<Bool>

/// Collects the cases, each under a name of its own.
struct CaseList {
  private(set) var cases: [BadCall] = []

  /// A call that throws.
  mutating func fails(
    _ name: String, _ kind: VMapError.Kind, _ words: String...,
    by call: @escaping @Sendable () throws -> Void
  ) {
    add(name, .fails(kind, nil, words: words), call)
  }

  /// An expression that gives a tensor whose reading throws.
  mutating func poisons<Scalar>(
    _ name: String, _ kind: VMapError.Kind, _ words: String...,
    by tensor: @escaping @Sendable () throws -> Tensor<Scalar>
  ) {
    add(name, .fails(kind, nil, words: words)) { _ = try tensor().scalars() }
  }

  /// A call that fails in the device layer.
  mutating func failsOnDevice(
    _ name: String, _ kind: DeviceError.Kind, _ words: String...,
    by call: @escaping @Sendable () throws -> Void
  ) {
    add(name, .fails(.device, kind, words: words), call)
  }

  /// A call that is unusual, and works.
  mutating func works(_ name: String, by call: @escaping @Sendable () throws -> Void) {
    add(name, .works, call)
  }

  /// A call that works or throws, depending on the device.
  mutating func ends(_ name: String, by call: @escaping @Sendable () throws -> Void) {
    add(name, .ends, call)
  }

  private mutating func add(
    _ name: String, _ expectation: BadCall.Expectation,
    _ call: @escaping @Sendable () throws -> Void
  ) {
    cases.append(BadCall(name: name, expectation: expectation, call: call))
  }
}

/// A tensor of ones.
func ones(_ shape: Int...) -> F { F.ones(shape) }

/// An error of the caller's.
struct OwnError: Error {}

/// What a case that works throws where it gave something else.
struct WrongResult: Error {
  let text: String
}

/// Checks the elements of a result.
func expect<Scalar>(_ tensor: Tensor<Scalar>, _ scalars: [Scalar]) throws {
  let found = try tensor.scalars()
  guard found == scalars else {
    throw WrongResult(text: "\(found.prefix(8)), not \(scalars.prefix(8))")
  }
}
