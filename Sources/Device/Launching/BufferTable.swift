/// The buffers of a workspace by number, which the table does not keep alive.
///
/// It is a part of the workspace, and lives as long.
public struct BufferTable {
  private let base: UnsafeMutablePointer<Unmanaged<Buffer>?>

  init(count: Int) {
    base = .allocate(capacity: count)
    base.initialize(repeating: nil, count: count)
  }

  func deallocate() { base.deallocate() }

  subscript(number: Int) -> Unmanaged<Buffer>? { base[number] }

  /// Gives a buffer a number; the caller keeps it alive until the last launch.
  public func lend(_ buffer: Unmanaged<Buffer>, at number: Int) { base[number] = buffer }
}
