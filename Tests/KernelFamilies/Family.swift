import VMap

/// Kernels that are made and scheduled alike, and what they should compute.
struct Family: Sendable {
  let name: String
  /// Runs the kernels for a batch of some size; throws `WrongResult` where one computes something
  /// else than it should.
  let check: @Sendable (_ size: Int) throws -> Void

  /// Checks batches of several sizes.
  ///
  /// - Returns: What went wrong.
  func run(_ sizes: [Int]) -> [String] {
    sizes.compactMap { size in
      do {
        try check(size)
        return nil
      } catch let error as WrongResult {
        return "batch \(size): \(error.text)"
      } catch {
        return "batch \(size): threw \(error)"
      }
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
    return list
  }()
}
