public import Device

/// What went wrong in a call, with a message that names the argument, what was expected and what came.
public struct VMapError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of error, for programs that react to them.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// `inAxes` lists another number of arguments than the call has.
    case arityMismatch
    /// `inAxes` does not fit the structure of an argument.
    case inAxesStructure
    /// `outAxes` does not fit the structure of the result.
    case outAxesStructure
    /// There is no tensor among the arguments and no `axisSize`.
    case noTensors
    /// An argument has too few dimensions for its axis.
    case axisOutOfRange
    /// No argument is mapped and no `axisSize` is given.
    case nothingMapped
    /// The mapped sizes differ.
    case axisSizeMismatch
    /// `axisSize` or `chunk` is not a possible size.
    case invalidSize
    /// The result varies over the batch where `outAxes` says nil.
    case outAxisNilForMappedResult
    /// An `outAxes` entry lies outside the rank of the result.
    case outAxisOutOfRange
    /// Shapes that an operation cannot combine.
    case shapeMismatch
    /// Element types that an operation cannot combine or does not take.
    case typeMismatch
    /// An argument of an operation that is out of its range.
    case invalidArgument
    /// A number of scalars that does not fill a shape.
    case countMismatch
    /// A size that does not fit in memory or in an `Int`.
    case sizeOverflow
    /// A value of a traced function was asked for its elements.
    case valueOfTracer
    /// A traced value was used after its function was traced, or in another one.
    case tracerEscaped
    /// A collective over a name that no enclosing `vmap` binds.
    case unboundAxisName
    /// The body of a loop returns another structure, shape or type than its state has.
    case loopStateMismatch
    /// The branches of a choice return different structures, shapes or types.
    case branchMismatch
    /// A function of the caller threw an error of its own.
    case functionFailed
    /// An operation on a dimension of a length of its own for each example that does not take one, or
    /// offsets that are none.
    case raggedDimension
    /// A derivative of what has none.
    case notDifferentiable
    /// A printed program that cannot be read.
    case parse
    /// A feature of the device that the program needs and it lacks.
    case unsupportedByDevice
    /// OpenCL failed; ``VMapError/device`` tells how.
    case device
    /// A defect of this library; please report it.
    case internalInconsistency
    /// The task that called was cancelled before all examples were computed.
    case cancelled
    /// Another process that computes a part of the batch failed, or cannot be reached.
    case processFailed
  }

  /// The kind of error.
  public let kind: Kind
  /// What happened, where, and what was expected.
  public let message: String
  /// The failure of OpenCL underneath, if that is what it was.
  public let device: DeviceError?

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
    device = nil
  }

  init(_ error: DeviceError) {
    kind = .device
    message = error.description
    device = error
  }

  /// The same error, told from further out.
  package func prefixed(_ prefix: String) -> VMapError {
    guard device == nil else { return self }
    return VMapError(kind, prefix + message)
  }

  /// The kind and the message.
  public var description: String { "\(kind.rawValue): \(message)" }
}

extension VMapError {
  /// Runs what may fail in the device layer.
  static func onDevice<R>(_ body: () throws(DeviceError) -> R) throws(VMapError) -> R {
    do throws(DeviceError) { return try body() } catch { throw VMapError(error) }
  }

  /// Wraps whatever a caller's function threw.
  package init(caught error: any Error) {
    switch error {
    case let error as VMapError: self = error
    case let error as DeviceError: self.init(error)
    default: self.init(.functionFailed, "the function threw \(error)")
    }
  }
}
