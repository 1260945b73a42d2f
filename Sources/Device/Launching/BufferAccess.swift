/// What a kernel does with a buffer.
public enum BufferAccess: Sendable {
  /// It reads it.
  case read
  /// It writes all of it that anybody will read, whatever it held before.
  case fill
  /// It may read it, and may write parts of it.
  case update
}

/// Memory that a launch uses.
struct BlockUse {
  let block: Block
  let access: BufferAccess
}
