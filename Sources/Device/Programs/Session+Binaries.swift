import Synchronization

extension Session {
  /// The number of launches so far, to tell busy moments from calm ones.
  var launchCount: Int { tally.launches.load(ordering: .relaxed) }

  /// Writes a program's binary to disk at a calm moment.
  func saveLater(_ slot: BuildSlot, _ built: BuildSlot.Built, _ key: CacheKey) {
    BackgroundWork.shared.add(
      BackgroundWork.Job(isDurable: true, session: self, slot: slot) { deadline in
        guard let cache = self.cache,
          let binary = self.reading(built, until: deadline, { self.binary(of: built.program) })
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
        _ = self.reading(built, until: deadline) { self.binarySize(of: built.program) }
      })
  }

  /// Runs what reads the binary, which is when some drivers compile it, at a moment that suits them.
  ///
  /// - Returns: What the closure returns; nil without running it after the deadline.
  private func reading<R>(
    _ built: BuildSlot.Built, until deadline: Deadline, _ body: () -> R?
  ) -> R? {
    guard let loaded = built.loaded else { return body() }
    return loaded.recompiling(kernelNames(of: built.program).count, until: deadline, body)
  }

  /// A program's binary for its one device.
  private func binary(of program: Handle<ProgramObject>) -> [UInt8]? {
    guard let size = binarySize(of: program), size > 0 else { return nil }
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      var target = bytes.baseAddress
      let status = driver.getProgramInfo(
        program.raw, ProgramQuery.binaries, MemoryLayout.size(ofValue: target), &target, nil)
      isRead = status == 0
      count = isRead ? size : 0
    }
    return isRead ? bytes : nil
  }

  private func binarySize(of program: Handle<ProgramObject>) -> Int? {
    var size = 0
    let status = driver.getProgramInfo(
      program.raw, ProgramQuery.binarySizes, MemoryLayout<Int>.size, &size, nil)
    return status == 0 ? size : nil
  }
}
