import CDLPack
import Synchronization

/// Either of DLPack's structures of a tensor with the function that gives it back.
protocol LendingTensor: SendableMetatype {
  var dl_tensor: DLTensor { get }
  /// Calls the function, if there is one.
  static func giveBack(_ tensor: UnsafeMutablePointer<Self>)
  /// Throws where the rest of the structure may lie otherwise.
  func checkVersion() throws(VMapError)
}

extension DLManagedTensor: LendingTensor {
  func checkVersion() {}

  static func giveBack(_ tensor: UnsafeMutablePointer<Self>) { tensor.pointee.deleter?(tensor) }

  /// A structure for elements, which are kept until its deleter is called.
  static func lending(_ elements: LentElements) -> UnsafeMutablePointer<DLManagedTensor> {
    let pointer = UnsafeMutablePointer<DLManagedTensor>.allocate(capacity: 1)
    pointer.initialize(
      to: DLManagedTensor(dl_tensor: elements.tensor, manager_ctx: elements.retained()) { pointer in
        LentElements.release(pointer?.pointee.manager_ctx)
        pointer?.deallocate()
      })
    return pointer
  }
}

extension DLManagedTensorVersioned: LendingTensor {
  func checkVersion() throws(VMapError) {
    guard version.major == DLPACK_MAJOR_VERSION else {
      throw VMapError(
        .invalidArgument,
        "the tensor has version \(version.major).\(version.minor) of the format, expected "
          + "\(DLPACK_MAJOR_VERSION)")
    }
  }

  static func giveBack(_ tensor: UnsafeMutablePointer<Self>) { tensor.pointee.deleter?(tensor) }

  /// A structure for elements, which are kept until its deleter is called.
  static func lending(_ elements: LentElements) -> UnsafeMutablePointer<DLManagedTensorVersioned> {
    let pointer = UnsafeMutablePointer<DLManagedTensorVersioned>.allocate(capacity: 1)
    pointer.initialize(
      to: DLManagedTensorVersioned(
        version: DLPackVersion(
          major: UInt32(DLPACK_MAJOR_VERSION), minor: UInt32(DLPACK_MINOR_VERSION)),
        manager_ctx: elements.retained(),
        deleter: { pointer in
          LentElements.release(pointer?.pointee.manager_ctx)
          pointer?.deallocate()
        },
        flags: UInt64(
          elements.isCopied ? DLPACK_FLAG_BITMASK_IS_COPIED : DLPACK_FLAG_BITMASK_READ_ONLY),
        dl_tensor: elements.tensor))
    return pointer
  }
}

/// What somebody lent, given back when this goes, if it was accepted.
final class Loan: Sendable {
  private let isAccepted = Atomic(false)
  private let giveBack: @Sendable () -> Void

  init<Lending: LendingTensor>(of tensor: UnsafeMutablePointer<Lending>) {
    // It belongs to whoever accepted it, and its deleter may be called by any thread.
    nonisolated(unsafe) let tensor = tensor
    giveBack = { Lending.giveBack(tensor) }
  }

  func accept() { isAccepted.store(true, ordering: .releasing) }

  deinit { if isAccepted.load(ordering: .acquiring) { giveBack() } }
}
