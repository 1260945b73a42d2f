import Synchronization

/// What a context has done so far; the difference of two snapshots tells what a piece of work cost.
public struct Counters: Sendable, Equatable {
  /// Programs compiled from source, counted for each device.
  public var programsBuilt = 0
  /// Those of them for which the compiler read the declarations of all built-in functions.
  public var headersRead = 0
  /// Programs made from a binary on disk, counted for each device.
  public var programsLoaded = 0
  /// Requests for a program that was in memory already.
  public var programsReused = 0
  /// Binaries written to disk.
  public var programsSaved = 0
  /// Kernels launched.
  public var launches = 0
  /// Those of them that ran on all cores or on the GPU.
  public var launchesWide = 0
  /// Arguments of kernels given to the driver.
  public var argumentsSet = 0
  /// Bytes copied between buffers and the host.
  public var bytesCopied = 0
  /// Bytes obtained from the driver; a request served by the pool adds none.
  public var bytesAllocated = 0
  /// Those of them that were not given back to the driver.
  public var bytesHeld = 0
  /// Requests served by the pool.
  public var buffersReused = 0
  /// Buffers in use.
  public var buffersLive = 0
}

/// The counters behind the snapshots.
final class Tally: Sendable {
  let programsBuilt = Atomic<Int>(0)
  let headersRead = Atomic<Int>(0)
  let programsLoaded = Atomic<Int>(0)
  let programsReused = Atomic<Int>(0)
  let programsSaved = Atomic<Int>(0)
  let launches = Atomic<Int>(0)
  let launchesWide = Atomic<Int>(0)
  let argumentsSet = Atomic<Int>(0)
  let bytesCopied = Atomic<Int>(0)
  let bytesAllocated = Atomic<Int>(0)
  let bytesHeld = Atomic<Int>(0)
  let buffersReused = Atomic<Int>(0)
  let buffersLive = Atomic<Int>(0)

  var snapshot: Counters {
    Counters(
      programsBuilt: programsBuilt.load(ordering: .relaxed),
      headersRead: headersRead.load(ordering: .relaxed),
      programsLoaded: programsLoaded.load(ordering: .relaxed),
      programsReused: programsReused.load(ordering: .relaxed),
      programsSaved: programsSaved.load(ordering: .relaxed),
      launches: launches.load(ordering: .relaxed),
      launchesWide: launchesWide.load(ordering: .relaxed),
      argumentsSet: argumentsSet.load(ordering: .relaxed),
      bytesCopied: bytesCopied.load(ordering: .relaxed),
      bytesAllocated: bytesAllocated.load(ordering: .relaxed),
      bytesHeld: bytesHeld.load(ordering: .relaxed),
      buffersReused: buffersReused.load(ordering: .relaxed),
      buffersLive: buffersLive.load(ordering: .relaxed))
  }
}

extension Atomic where Value == Int {
  /// Adds to a counter.
  func count(_ amount: Int = 1) { wrappingAdd(amount, ordering: .relaxed) }
}
