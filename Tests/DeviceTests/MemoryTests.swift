import Synchronization
import Testing

@testable import Device

@Suite struct MemoryTests {
  @Test func sizeClassesRoundUpByAtMostAnEighth() {
    for byteCount in [0, 1, 127, 128, 129, 1000, 1024, 1025, 4095, 4097, 1 << 20, (1 << 20) + 1] {
      let capacity = SizeClass.capacity(for: byteCount) ?? 0
      #expect(capacity >= byteCount && capacity % 128 == 0, "\(byteCount)")
      #expect(capacity <= byteCount + max(128, byteCount / 8), "\(byteCount)")
    }
    for shift in 7..<62 { #expect(SizeClass.capacity(for: 1 << shift) == 1 << shift) }
    #expect(SizeClass.capacity(for: Int.max) == nil)
    #expect(SizeClass.capacity(for: Int.max - 1) == nil)
  }

  @Test func aFreedBufferIsUsedAgain() throws {
    let context = try makeContext()
    do {
      let first = try context.makeBuffer(byteCount: 1000)
      #expect(first.byteCount == 1000)
      #expect(context.counters.bytesAllocated == 1024)
      #expect(context.counters.buffersLive == 1)
    }
    #expect(context.counters.buffersLive == 0)
    let second = try context.makeBuffer(byteCount: 1020)
    #expect(second.byteCount == 1020)
    #expect(context.counters.bytesAllocated == 1024)
    #expect(context.counters.buffersReused == 1)
    let third = try context.makeBuffer(byteCount: 1020)
    #expect(context.counters.bytesAllocated == 2048)
    withExtendedLifetime((second, third)) {}
  }

  @Test func thePoolKeepsNoMoreThanItsLimit() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults) { $0.poolLimit = 4096 }
    do {
      let buffers = try (0..<16).map { _ in try context.makeBuffer(byteCount: 1024) }
      #expect(faults.live["shared"] == 16)
      withExtendedLifetime(buffers) {}
    }
    #expect(context.session.pool.byteCount == 4096)
    #expect(faults.live["shared"] == 4)
  }

  @Test func memoryInUseOnTheWideQueueIsFreedOnlyAfterAFinish() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults) { $0.poolLimit = 0 }
    let kernel = try context.makeProgram(source: testSource, first: .wide).kernel("spin")
    do {
      let data = try context.makeBuffer([Float](repeating: 1, count: 64))
      // The first of them is waited for.
      for _ in 0..<2 {
        try context.launch(
          kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .wide)
      }
    }
    #expect(faults.live["shared"] == 1)
    #expect(faults.calls["clFinish"] == 1)
    try context.finish()
    #expect(faults.live["shared"] == nil)
  }

  @Test func memoryThatWaitsForTheWideQueueIsBounded() throws {
    let context = try makeContext { $0.poolLimit = 8192 }
    let kernel = try context.makeProgram(source: testSource, first: .wide).kernel("spin")
    for size in 1...64 {
      let data = try context.makeBuffer(byteCount: size * 256)
      try context.launch(
        kernel, [.buffer(data), .int32(1)], global: [64], local: [64], placement: .wide)
    }
    #expect(context.session.pool.byteCount <= 8192 + 8192 + 64 * 256)
  }

  @Test(arguments: [false, true]) func exhaustionFreesThePoolAndTriesAgain(objects: Bool) throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults) { $0.usesMemoryObjects = objects }
    let call = objects ? "clCreateBuffer" : "clSVMAlloc"
    let kind = objects ? "buffer" : "shared"
    _ = try context.makeBuffer(byteCount: 1024)
    #expect(faults.live[kind] == 1)
    faults.fail(call, -4, times: 1)
    let buffer = try context.makeBuffer(byteCount: 4096)
    #expect(faults.live[kind] == 1)
    faults.fail(call, -4)
    let error = deviceError { try context.makeBuffer(byteCount: 1 << 20) }
    #expect(error?.kind == .allocationFailed)
    #expect(error?.status == (objects ? -4 : nil))
    #expect(error?.message.contains("\(call) gave no memory for 1048576 bytes") == true)
    faults.heal()
    _ = try context.makeBuffer(byteCount: 1 << 20)
    withExtendedLifetime(buffer) {}
  }

  @Test func sizesThatCannotBe() throws {
    let faults = FaultyDriver()
    let context = try makeContext(faults)
    #expect(deviceError { try context.makeBuffer(byteCount: -1) }?.kind == .invalidArgument)
    #expect(deviceError { try context.makeBuffer(byteCount: .min) }?.kind == .invalidArgument)
    #expect(deviceError { try context.makeBuffer(byteCount: .max) }?.kind == .sizeOverflow)
    let tooLarge = context.profile.maximumAllocationBytes + 1
    #expect(deviceError { try context.makeBuffer(byteCount: tooLarge) }?.kind == .allocationFailed)
    #expect(faults.calls["clSVMAlloc"] == nil)
  }

  @Test func theLargestAllocationWorks() throws {
    // Not touched, so that no memory is really taken.
    let context = try makeContext { $0.availableMemory = { nil } }
    let buffer = try context.makeBuffer(byteCount: context.profile.maximumAllocationBytes)
    #expect(buffer.byteCount == context.profile.maximumAllocationBytes)
  }

  /// What the machine has not left is not asked for, even of a driver that would promise it.
  @Test func memoryThatIsNotThereIsNotAskedFor() throws {
    let faults = FaultyDriver()
    let left = HostMemory.threshold
    let context = try makeContext(faults) { $0.availableMemory = { left } }
    let fits = try context.makeBuffer(byteCount: left)
    #expect(faults.calls["clSVMAlloc"] == 1)
    let error = deviceError { try context.makeBuffer(byteCount: left + 1) }
    #expect(error?.kind == .allocationFailed && error?.status == nil)
    #expect(error?.message.contains("no room in the \(left) that the machine has left") == true)
    #expect(faults.calls["clSVMAlloc"] == 1)
    let all = deviceError { try context.requireRoom(for: 3 * left, of: "f32[7]") }
    #expect(all?.kind == .allocationFailed)
    #expect(
      all?.message.contains("f32[7] would take \(3 * left) bytes, and \(left) are left") == true)
    try context.requireRoom(for: left, of: "f32[7]")
    // Memory that is a device's own is the device's to give.
    let objects = try makeContext {
      $0.availableMemory = { 0 }
      $0.usesMemoryObjects = true
    }
    _ = try objects.makeBuffer(byteCount: left)
    // A copy is the host's.
    let copy = deviceError { try objects.makeBuffer(byteCount: left).requireRoomForCopy() }
    #expect(copy?.message.contains("a copy of the elements would take \(left) bytes") == true)
    withExtendedLifetime(fits) {}
  }

  /// What was asked for and not written counts as used.
  @Test func whatIsLeftIsKnown() throws {
    let before = try #require(HostMemory.available())
    #expect(before > 0)
    let context = try makeContext { $0.availableMemory = { nil } }
    let promised = 1 << 32
    let buffer = try context.makeBuffer(byteCount: promised)
    let after = try #require(HostMemory.available())
    // Others use the machine meanwhile.
    #expect(after < before - promised / 2 || after == 0)
    withExtendedLifetime(buffer) {}
  }

  @Test(arguments: [false, true]) func anEmptyBufferIsValid(memoryObjects: Bool) throws {
    let context = try makeContext { $0.usesMemoryObjects = memoryObjects }
    let buffer = try context.makeBuffer(byteCount: 0)
    #expect(buffer.byteCount == 0)
    #expect(try buffer.withHostBytes { $0.count } == 0)
    try [UInt8]().withUnsafeBytes { try buffer.write(from: $0) }
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    try context.launch(
      kernel, [.buffer(buffer), .buffer(buffer), .float(1), .int32(0)], global: [64], local: [64],
      placement: .wide)
    try context.finish()
  }

  @Test(arguments: [false, true]) func partsCanBeReadAndWritten(memoryObjects: Bool) throws {
    let context = try makeContext { $0.usesMemoryObjects = memoryObjects }
    let buffer = try context.makeBuffer((0..<100).map { UInt8($0) })
    try [UInt8](repeating: 255, count: 3).withUnsafeBytes { try buffer.write(from: $0, at: 97) }
    var part = [UInt8](repeating: 0, count: 5)
    try part.withUnsafeMutableBytes { try buffer.read(into: $0, at: 95) }
    #expect(part == [95, 96, 255, 255, 255])
    for (offset, count) in [(-1, 1), (100, 1), (96, 5), (.max, 1), (101, 0), (.min, 0)] {
      var target = [UInt8](repeating: 0, count: count)
      let reading = deviceError {
        try target.withUnsafeMutableBytes { try buffer.read(into: $0, at: offset) }
      }
      let writing = deviceError {
        try target.withUnsafeBytes { try buffer.write(from: $0, at: offset) }
      }
      #expect(reading?.kind == .invalidArgument && writing?.kind == .invalidArgument)
    }
  }

  @Test func sharedMemoryIsReadWithoutACopy() throws {
    let context = try makeContext()
    let buffer = try context.makeBuffer([Float](repeating: 1, count: 256))
    #expect(context.counters.bytesCopied == 1024)
    #expect(try buffer.withHostBytes { $0.count } == 1024)
    #expect(context.counters.bytesCopied == 1024)
    let address = try buffer.withHostBytes { UInt(bitPattern: $0.baseAddress) }
    #expect(address % 128 == 0)
    let objects = try makeContext { $0.usesMemoryObjects = true }
    let other = try objects.makeBuffer([Float](repeating: 1, count: 256))
    _ = try other.withHostBytes { $0.count }
    #expect(objects.counters.bytesCopied == 2048)
  }

  @Test func aBufferOutlivesItsContext() throws {
    func make() throws -> Buffer {
      let context = try makeContext()
      let buffer = try context.makeBuffer([Int32(1), 2, 3])
      let kernel = try context.makeProgram(source: testSource).kernel("spin")
      try context.launch(
        kernel, [.buffer(buffer), .int32(0)], global: [1], local: [1], placement: .wide)
      return buffer
    }
    #expect(try make().values(as: Int32.self) == [1, 2, 3])
  }

  /// Memory that somebody lends is read where it is, and given back when no kernel uses it any more.
  @Test func lentMemoryIsReadAndGivenBack() throws {
    let context = try makeContext { $0.poolLimit = 1 << 20 }
    let kernel = try context.makeProgram(source: testSource).kernel("scale")
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 64)
    defer { memory.deallocate() }
    _ = memory.initialize(from: (0..<64).map(Float.init))
    let bytes = UnsafeRawBufferPointer(memory)
    for placement in [Placement.immediate, .wide] {
      let lender = Lender()
      do {
        let host = try #require(HostBytes(lent: bytes, by: lender.loan()))
        let lent = context.makeBuffer(over: consume host)
        guard lent.isReachable(from: context) else { return }
        #expect(try lent.hostAddress() == bytes.baseAddress)
        let result = try context.makeBuffer(byteCount: 256)
        // The first launch is waited for, so that another one is still to be done.
        for _ in 0..<2 {
          try context.launch(
            kernel, [.buffer(lent), .buffer(result), .float(2), .int32(64)], global: [64],
            local: [64], placement: placement)
        }
        #expect(try result.values(as: Float.self) == (0..<64).map { Float(2 * $0) })
        #expect(lender.isLending)
        #expect(deviceError { try lent.write(from: bytes) }?.kind == .invalidArgument)
        let (kept, other) = (try context.makeBuffer(byteCount: 256), lent)
        #expect(try kept.hostAddress() != other.hostAddress())
      }
      try context.finish()
      try context.session.releaseIdleMemory()
      #expect(!lender.isLending)
      // Nobody else gets it.
      let buffers = try (0..<4).map { _ in try context.makeBuffer(byteCount: 256) }
      #expect(try buffers.allSatisfy { try $0.hostAddress() != bytes.baseAddress })
    }
    let objects = try makeContext { $0.usesMemoryObjects = true }
    let host = try #require(HostBytes(lent: bytes, by: 0))
    let unreachable = objects.makeBuffer(over: host)
    #expect(!unreachable.isReachable(from: objects))
    let copy = try objects.makeBuffer(byteCount: 256)
    try copy.copy(from: unreachable, at: 128, count: 128, to: 0)
    #expect(try copy.values(as: Float.self).prefix(32) == (32..<64).map(Float.init)[...])
  }
}

/// Somebody who lends memory.
private final class Lender: Sendable {
  private final class Loan: Sendable {
    let lender: Lender
    init(_ lender: Lender) { self.lender = lender }
    deinit { lender.loans.subtract(1, ordering: .relaxed) }
  }

  private let loans = Atomic(0)
  var isLending: Bool { loans.load(ordering: .relaxed) > 0 }

  func loan() -> any Sendable {
    loans.add(1, ordering: .relaxed)
    return Loan(self)
  }
}
