import Synchronization

/// Blocks that no buffer uses at the moment, kept for the next request of their size.
///
/// A block may still be in use by a launch on the wide queue. It can be handed out nevertheless,
/// as that queue works in order and everybody else looks at the block's mark; but it must not go
/// back to the driver before the queue has finished.
final class BlockPool: Sendable {
  private struct State {
    var blocks: [Int: [Block]] = [:]
    var byteCount = 0
    /// Blocks beyond the limit, and lent ones, that wait for the wide queue.
    var surplus: [Block] = []
    var surplusByteCount = 0
  }

  /// The most bytes that are kept.
  let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Bytes kept at the moment.
  var byteCount: Int { state.withLock { $0.byteCount + $0.surplusByteCount } }

  /// Whether so much waits for the wide queue that it should be finished.
  var isOverfull: Bool { state.withLock { $0.surplusByteCount > limit } }

  /// Takes a block of exactly this capacity.
  func take(_ capacity: Int) -> Block? {
    state.withLock { state in
      guard let block = state.blocks[capacity]?.popLast() else { return nil }
      state.byteCount -= capacity
      return block
    }
  }

  /// Keeps a block that a buffer no longer needs.
  ///
  /// - Parameter isPending: Whether the wide queue may still use it.
  func give(_ block: Block, isPending: Bool) {
    state.withLock { state in
      if !block.isLent, state.byteCount + block.capacity <= limit {
        state.blocks[block.capacity, default: []].append(block)
        state.byteCount += block.capacity
      } else if isPending {
        state.surplus.append(block)
        state.surplusByteCount += block.capacity
      }
    }
  }

  /// Frees the surplus among the blocks for which the wide queue has done its work.
  func freeSurplus(upTo launch: UInt64) {
    let freed = state.withLock { state -> [Block] in
      guard !state.surplus.isEmpty else { return [] }
      let done = state.surplus.filter { $0.lastWideLaunch.load(ordering: .relaxed) <= launch }
      state.surplus.removeAll { $0.lastWideLaunch.load(ordering: .relaxed) <= launch }
      state.surplusByteCount = state.surplus.reduce(0) { $0 + $1.capacity }
      return done
    }
    // The driver frees them here, outside the lock.
    _ = consume freed
  }

  /// Frees every block for which the wide queue has done its work.
  func drain(upTo launch: UInt64) {
    let freed = state.withLock { state -> [Block] in
      let all = state.blocks.values.joined() + state.surplus
      let kept = all.filter { $0.lastWideLaunch.load(ordering: .relaxed) > launch }
      state.blocks = Dictionary(grouping: kept.filter { !$0.isLent }, by: \.capacity)
      state.byteCount = state.blocks.values.joined().reduce(0) { $0 + $1.capacity }
      state.surplus = kept.filter(\.isLent)
      state.surplusByteCount = state.surplus.reduce(0) { $0 + $1.capacity }
      return all
    }
    _ = consume freed
  }
}
