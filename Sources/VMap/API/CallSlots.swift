import Synchronization

/// A place for a prepared call, used by one thread at a time.
///
/// A place lives as long as its list, so that it can be taken without a lock; what it holds may change,
/// but only for the thread that has taken it.
final class CallSlot: @unchecked Sendable {
  private let isTaken: Atomic<Bool>
  @exclusivity(unchecked) fileprivate(set) var call: PreparedCall?

  fileprivate init() { isTaken = Atomic(false) }

  /// A place of its own, which is taken.
  init(taken call: PreparedCall) {
    isTaken = Atomic(true)
    self.call = call
  }

  /// Takes the place, unless somebody has it.
  func take() -> Bool { !isTaken.exchange(true, ordering: .acquiring) }

  /// Takes an argument of a call, if it is what the call was prepared for.
  func keep(_ handle: TensorHandle, at position: Int) -> Bool {
    call?.keep(handle, at: position) ?? false
  }

  /// Gives the place back, without arguments.
  func release() {
    call?.clear()
    isTaken.store(false, ordering: .releasing)
  }
}

/// The calls that one function is prepared for: for several shapes, and for several threads.
final class CallSlots: Sendable {
  static var capacity: Int { 16 }

  /// The place used last, tried first.
  private let recent = Atomic<Unmanaged<CallSlot>?>(nil)
  /// All places, the one taken longest ago first.
  private let slots = Mutex<[CallSlot]>([])

  /// Takes the place of the last call, if nobody has it.
  func takeRecent() -> CallSlot? {
    guard let slot = recent.load(ordering: .acquiring)?.takeUnretainedValue(), slot.take() else {
      return nil
    }
    return slot
  }

  /// Takes a place with a call for these arguments that nobody has.
  func take(_ signature: CallSignature) -> CallSlot? {
    slots.withLock { slots in
      for index in slots.indices.reversed() where slots[index].take() {
        let slot = slots[index]
        if let call = slot.call, call.structure == signature.structure,
          call.fields == signature.fields, call.leaves == signature.leaves
        {
          use(index, &slots)
          return slot
        }
        slot.release()
      }
      return nil
    }
  }

  /// Finds a place for a call, and takes it; one outside of the list when all are in use.
  func place(_ call: PreparedCall) -> CallSlot {
    let (slot, replaced) = slots.withLock { slots -> (CallSlot, PreparedCall?) in
      let index: Int
      if slots.count < CallSlots.capacity {
        index = slots.count
        slots.append(CallSlot())
        _ = slots[index].take()
      } else if let idle = slots.firstIndex(where: { $0.take() }) {
        index = idle
      } else {
        return (CallSlot(taken: call), nil)
      }
      let slot = slots[index]
      let replaced = slot.call
      slot.call = call
      use(index, &slots)
      return (slot, replaced)
    }
    // What it held is freed here, outside the lock.
    _ = consume replaced
    return slot
  }

  private func use(_ index: Int, _ slots: inout [CallSlot]) {
    let slot = slots[index]
    if index != slots.count - 1 { slots.append(slots.remove(at: index)) }
    recent.store(Unmanaged.passUnretained(slot), ordering: .releasing)
  }
}
