import Synchronization

extension Session {
  /// The number of launches so far, to tell busy moments from calm ones.
  var launchCount: Int { tally.launches.load(ordering: .relaxed) }

  /// Writes a program's binary to disk at a calm moment.
  func saveLater(_ slot: BuildSlot, _ built: BuildSlot.Built, _ key: CacheKey) {
    BackgroundWork.shared.add(
      BackgroundWork.Job(isDurable: true, session: self, slot: slot) { deadline in
        guard let cache = self.cache,
          let binary = LaunchGate.alone(until: deadline, { self.binary(of: built) })
        else { return }
        if cache.store(binary, for: key) { self.tally.programsSaved.count() }
      })
  }

  /// Makes a program ready for a device in the background.
  func warmLater(_ slot: BuildSlot) {
    BackgroundWork.shared.add(
      BackgroundWork.Job(isCheap: slot.isOnDisk(self), session: self, slot: slot) { deadline in
        // What is wrong shows again, with an error, at the launch.
        guard let built = try? slot.build(in: self), built.isFromSource else { return }
        // PoCL compiles kernels at their first launch, and to give their binary.
        LaunchGate.alone(until: deadline) { self.binarySize(of: built) }
      })
  }

  /// A program's binary for its one device.
  private func binary(of built: BuildSlot.Built) -> [UInt8]? {
    guard let size = binarySize(of: built), size > 0 else { return nil }
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      var target = bytes.baseAddress
      let status = driver.getProgramInfo(
        built.program.raw, ProgramQuery.binaries, MemoryLayout.size(ofValue: target), &target, nil)
      isRead = status == 0
      count = isRead ? size : 0
    }
    return isRead ? bytes : nil
  }

  private func binarySize(of built: BuildSlot.Built) -> Int? {
    defer { built.loaded?.forget() }
    var size = 0
    let status = driver.getProgramInfo(
      built.program.raw, ProgramQuery.binarySizes, MemoryLayout<Int>.size, &size, nil)
    return status == 0 ? size : nil
  }
}
