import Device
import VMap

/// A call that a user could make by mistake, and how it should end.
struct BadCall: Sendable {
  enum Expectation: Sendable {
    /// It throws this kind of error, whose message has these words.
    case fails(VMapError.Kind, DeviceError.Kind?, words: [String])
    /// It is unusual and works all the same.
    case works
    /// It works, or throws an error that is no defect of the library.
    case ends
  }

  let name: String
  let expectation: Expectation
  let call: @Sendable () throws -> Void

  /// Makes the call and says what happened, and whether that was expected.
  func run() -> (text: String, isExpected: Bool) {
    do {
      try call()
    } catch let error as VMapError {
      return (error.description, accepts(error))
    } catch {
      return ("threw an error of another type: \(error)", false)
    }
    switch expectation {
    case .fails(let kind, _, _): return ("worked, where \(kind.rawValue) was expected", false)
    case .works, .ends: return ("worked", true)
    }
  }

  private func accepts(_ error: VMapError) -> Bool {
    switch expectation {
    case .works: false
    case .ends: error.kind != .internalInconsistency
    case .fails(let kind, let device, let words):
      error.kind == kind && error.device?.kind == device
        && words.allSatisfy(error.message.contains)
    }
  }
}

extension BadCall.Expectation: CustomStringConvertible {
  var description: String {
    switch self {
    case .works: "to work"
    case .ends: "to work or to throw"
    case .fails(let kind, let device, let words):
      "\(kind.rawValue)\(device.map { " (\($0))" } ?? "") with the words \(words)"
    }
  }
}
