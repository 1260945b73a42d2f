import VMap

/// Kernels that are made and scheduled alike, and what they should compute.
struct Family: Sendable {
  let name: String
  /// Runs the kernels for a batch of some size; throws `WrongResult` where one computes something
  /// else than it should.
  let check: @Sendable (_ size: Int) throws -> Void

  /// Checks batches of several sizes, the last one also with the kernels for large tensors.
  ///
  /// - Returns: What went wrong.
  func run(_ sizes: [Int]) -> [String] {
    let narrow = sizes.compactMap { run($0, "batch \($0)") }
    guard let last = sizes.last else { return narrow }
    return narrow
      + RunOptions(usesWideIndices: true).forcing {
        [run(last, "batch \(last) with 64-bit indices")].compactMap { $0 }
      }
  }

  private func run(_ size: Int, _ what: String) -> String? {
    do {
      try check(size)
      return nil
    } catch let error as WrongResult {
      return "\(what): \(error.text)"
    } catch {
      return "\(what): threw \(error)"
    }
  }
}

/// What a family throws where a kernel computed something wrong.
struct WrongResult: Error {
  let text: String
}

/// Collects the families, each under a name of its own.
struct FamilyList {
  private(set) var families: [Family] = []

  mutating func add(_ name: String, _ check: @escaping @Sendable (Int) throws -> Void) {
    families.append(Family(name: name, check: check))
  }

  /// Every family, by subject.
  static let all: FamilyList = {
    var list = FamilyList()
    list.addElementwise()
    list.addMath()
    list.addIntegers()
    list.addSoftmax()
    list.addReductions()
    list.addBatchReductions()
    list.addContractions()
    list.addViews()
    list.addJoining()
    list.addTaking()
    list.addLoops()
    list.addHostLoops()
    list.addCollectives()
    list.addMaps()
    list.addScatters()
    return list
  }()
}
