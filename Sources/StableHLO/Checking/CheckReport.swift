import VMap

/// How the check of one file ended.
package enum CheckOutcome: String, Sendable, Codable {
  /// What came out is what was expected.
  case pass
  /// The file uses what is not supported yet.
  case refused
  /// Something else came out, or the file could not be read.
  case wrong
}

/// The check of one file.
package struct CheckReport: Sendable {
  package let file: String
  package let outcome: CheckOutcome
  /// Why it did not pass.
  package let reason: String
  package let seconds: Double
  /// The operations in the file with the type of their elements.
  package let operations: Set<TypedOperation>
}

/// An operation on one type of elements.
package struct TypedOperation: Sendable, Hashable {
  package let name: String
  package let element: String
}

/// A file that can be checked: a module that checks itself, or a case with arguments and results.
package enum CheckedFile {
  /// Checks a file: `.mlir`, or `.json` for a case.
  package static func check(_ path: String) -> CheckReport {
    let clock = ContinuousClock()
    let start = clock.now
    var operations: Set<TypedOperation> = []
    let (outcome, reason) = outcome {
      if path.hasSuffix(".json") {
        try ConformanceCase(contentsOfFile: path).check(&operations)
      } else {
        try SelfCheck(contentsOfFile: path).check(&operations)
      }
    }
    let elapsed = (clock.now - start).components
    return CheckReport(
      file: path, outcome: outcome, reason: reason,
      seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
      operations: operations)
  }

  /// Whether a `.json` file is meant to be a case; others stand beside modules, too.
  package static func isCase(_ path: String) -> Bool { ConformanceCase.isCase(path) }

  private static func outcome(_ body: () throws -> Void) -> (CheckOutcome, String) {
    do {
      try body()
      return (.pass, "")
    } catch let error as StableHLOError {
      return (error.kind == .unsupported ? .refused : .wrong, error.description)
    } catch let error as VMapError {
      return (error.kind == .unsupportedByDevice ? .refused : .wrong, error.description)
    } catch {
      return (.wrong, "\(error)")
    }
  }
}

/// What a check found to be wrong.
struct CheckFailure: Error, CustomStringConvertible {
  let description: String
}

extension Module {
  /// The operations of all functions, with the type of the elements of what they take, or give.
  var typedOperations: Set<TypedOperation> {
    var result: Set<TypedOperation> = []
    for function in functions.values {
      func visit(_ region: Region) {
        for operation in region.operations {
          operation.regions.forEach(visit)
          guard !operation.isReturn, !operation.isBookkeeping,
            let slot = operation.operands.first ?? operation.results.first,
            let type = function.types[slot].tensor
          else { continue }
          result.insert(TypedOperation(name: operation.name, element: type.element))
        }
      }
      visit(function.body)
    }
    return result
  }
}

extension Operation {
  /// Whether the operation computes nothing.
  fileprivate var isBookkeeping: Bool {
    ["func.call", "stablehlo.constant", "stablehlo.custom_call"].contains(name)
      || name.hasPrefix("check.")
  }
}
